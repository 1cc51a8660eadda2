package org.lazuli.transforms;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.graph.Placement;
import org.lazuli.spi.Primitive;

/// Reverse mode: walks the graph from outputs back to inputs and turns the outputs' cotangents into the inputs'.
final class Reverse {
    private final Map<Node, @Nullable Array[]> cotangents = new HashMap<>();

    /// The cotangents of parts of a node's result, until all have arrived.
    private final Map<Node, SliceCotangents> parts = new HashMap<>();

    private Reverse() {}

    /// The gradients of `sum(outputs * cotangents)`.
    ///
    /// @param inputs fresh names ([Graph#fresh]) that the outputs were computed from
    /// @return one array for each input, of its shape and type; zeros for one that the outputs do not depend on
    static List<Array> vjp(List<Array> outputs, List<Array> cotangents, List<Array> inputs) {
        return new Reverse().run(outputs, cotangents, inputs);
    }

    private List<Array> run(List<Array> outputs, List<Array> outputCotangents, List<Array> inputs) {
        Set<Node> sources = new HashSet<>();
        inputs.forEach(input -> sources.add(Graph.node(input)));
        List<Node> path = path(outputs, sources);
        Set<Node> onPath = new HashSet<>(path);
        for (int i = 0; i < outputs.size(); i++) {
            Node node = Graph.node(outputs.get(i));
            if (onPath.contains(node)) {
                add(node, 0, outputCotangents.get(i));
            }
        }
        for (Node node : path.reversed()) {
            addParts(node);
            @Nullable Array[] arrived = cotangents.get(node);
            if (arrived != null && !sources.contains(node)) {
                cotangents.remove(node);
                // The way back goes through the devices of the way there.
                Placement before = Placement.enter(node);
                try {
                    propagate(node, arrived, onPath);
                } finally {
                    Placement.swap(before);
                }
            }
        }
        List<Array> result = new ArrayList<>();
        for (Array input : inputs) {
            @Nullable Array[] arrived = cotangents.get(Graph.node(input));
            Array cotangent = arrived == null ? null : arrived[0];
            result.add(cotangent == null ? Ops.zerosLike(input) : cotangent);
        }
        return result;
    }

    private void propagate(Node node, @Nullable Array[] arrived, Set<Node> onPath) {
        Node[] inputs = node.inputs();
        switch (primitive(node)) {
            case Primitive.Element element -> {
                Array cotangent = arrived[0];
                if (cotangent != null) {
                    add(inputs[0], element.index(), cotangent);
                }
            }
            case Primitive.Custom custom -> {
                @Nullable Array[] back = ((CustomRule) custom.rule()).vjp(custom, node, arrived);
                for (int i = 0; i < inputs.length; i++) {
                    addIfOnPath(inputs[i], back[i], onPath);
                }
            }
            case Primitive.FallbackTuple call -> {
                for (int i = 0; i < arrived.length; i++) {
                    addIfOnPath(inputs[call.arguments() + i], arrived[i], onPath);
                }
            }
            case Primitive.Several several -> {
                @Nullable
                Array[] back = MatrixGradients.several(several, inputs[0].array(), Graph.elements(node), arrived);
                addIfOnPath(inputs[0], back[0], onPath);
            }
            case Primitive.Slice slice -> {
                Array cotangent = arrived[0];
                if (cotangent != null && onPath.contains(inputs[0])) {
                    parts.computeIfAbsent(inputs[0], whole -> new SliceCotangents(whole.array(), node))
                            .add(slice, cotangent);
                }
            }
            case Primitive primitive -> {
                Array cotangent = arrived[0];
                if (cotangent == null) {
                    return;
                }
                Array[] operands = new Array[inputs.length];
                boolean[] needed = new boolean[inputs.length];
                for (int i = 0; i < inputs.length; i++) {
                    operands[i] = inputs[i].array();
                    needed[i] = onPath.contains(inputs[i]);
                }
                @Nullable Array[] back = GradientRules.vjp(primitive, operands, node.array(), cotangent, needed);
                for (int i = 0; i < inputs.length; i++) {
                    addIfOnPath(inputs[i], back[i], onPath);
                }
            }
        }
    }

    /// All that use a node's result have been passed: the cotangents of its parts become those of the whole.
    private void addParts(Node node) {
        SliceCotangents slices = parts.remove(node);
        if (slices == null) {
            return;
        }
        Placement before = Placement.enter(slices.user());
        try {
            slices.whole().forEach(cotangent -> add(node, 0, cotangent));
        } finally {
            Placement.swap(before);
        }
    }

    private void addIfOnPath(Node node, @Nullable Array cotangent, Set<Node> onPath) {
        if (cotangent != null && onPath.contains(node)) {
            add(node, 0, cotangent);
        }
    }

    private void add(Node node, int index, Array cotangent) {
        @Nullable
        Array[] arrived =
                cotangents.computeIfAbsent(node, n -> new Array[n.specs().size()]);
        Array earlier = arrived[index];
        arrived[index] = earlier == null ? cotangent : earlier.add(cotangent);
    }

    /// The nodes between the sources and the outputs, in topological order.
    private static List<Node> path(List<Array> outputs, Set<Node> sources) {
        List<Node> reached = reachable(outputs, sources);
        Set<Node> dependent = new HashSet<>();
        List<Node> path = new ArrayList<>();
        for (Node node : reached) {
            boolean depends = sources.contains(node);
            if (!depends && !(node.primitive() instanceof Primitive.StopGradient)) {
                for (Node input : node.inputs()) {
                    depends |= dependent.contains(input);
                }
            }
            if (depends) {
                dependent.add(node);
                path.add(node);
            }
        }
        return path;
    }

    /// Every node that the outputs reach and that is not older than the oldest source: an older one cannot depend on it. Sorted by age.
    static List<Node> reachable(List<Array> outputs, Set<Node> sources) {
        long oldest = Long.MAX_VALUE;
        for (Node source : sources) {
            oldest = Math.min(oldest, source.id());
        }
        Set<Node> seen = new HashSet<>();
        Deque<Node> stack = new ArrayDeque<>();
        for (Array output : outputs) {
            stack.push(Graph.node(output));
        }
        List<Node> found = new ArrayList<>();
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (node.id() >= oldest && seen.add(node)) {
                found.add(node);
                if (!sources.contains(node)) {
                    for (Node input : node.inputs()) {
                        stack.push(input);
                    }
                }
            }
        }
        found.sort(Node.BY_AGE);
        return found;
    }

    static Primitive primitive(Node node) {
        Primitive primitive = node.primitive();
        if (primitive == null) {
            throw new AssertionError("a leaf depends on nothing");
        }
        return primitive;
    }
}
