package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.graph.Placement;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Batching: traces the function on one example and replays its graph on the whole batch.
final class Vmap {
    private final int size;

    /// What each node of the example became: one array, or several for a tuple, with the batch along axis 0.
    private final Map<Node, List<Array>> batched = new HashMap<>();

    private Vmap(int size) {
        this.size = size;
    }

    static List<Array> apply(Nary function, List<Array> inputs, int[] inAxes, int... outAxes) {
        if (inAxes.length != inputs.size()) {
            throw new IllegalArgumentException(
                    "vmap: " + inputs.size() + " arguments, but in axes for " + inAxes.length);
        }
        int size = batchSize(inputs, inAxes);
        List<Array> examples = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Array input = inputs.get(i);
            examples.add(
                    inAxes[i] == CustomFunction.NOT_MAPPED
                            ? input
                            : Graph.placeholder(
                                    new TensorSpec(input.dtype(), input.shape().remove(inAxes[i])), "vmap"));
        }
        List<Array> outputs = function.apply(examples);
        int[] axes = outAxes.length == 0 ? new int[outputs.size()] : outAxes;
        if (axes.length != outputs.size()) {
            throw new IllegalArgumentException("vmap: " + outputs.size() + " results, but out axes for " + axes.length);
        }
        return new Vmap(size).replay(inputs, inAxes, examples, outputs, axes);
    }

    private static int batchSize(List<Array> inputs, int... inAxes) {
        int size = -1;
        for (int i = 0; i < inAxes.length; i++) {
            if (inAxes[i] == CustomFunction.NOT_MAPPED) {
                continue;
            }
            int dim = inputs.get(i).shape().dim(inputs.get(i).shape().axis(inAxes[i], "vmap: argument " + i));
            if (size >= 0 && dim != size) {
                throw new IllegalArgumentException("vmap: argument " + i + " of shape "
                        + inputs.get(i).shape() + " has " + dim + " elements along axis " + inAxes[i]
                        + ", an earlier one has " + size);
            }
            size = dim;
        }
        if (size < 0) {
            throw new IllegalArgumentException("vmap: at least one argument must have a mapped axis");
        }
        return size;
    }

    private List<Array> replay(
            List<Array> inputs, int[] inAxes, List<Array> examples, List<Array> outputs, int... outAxes) {
        Set<Node> sources = new HashSet<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (inAxes[i] != CustomFunction.NOT_MAPPED) {
                Node source = Graph.node(examples.get(i));
                sources.add(source);
                batched.put(source, List.of(inputs.get(i).moveaxis(inAxes[i], 0)));
            }
        }
        for (Node node : Reverse.reachable(outputs, sources)) {
            if (!sources.contains(node)) {
                List<Array> result = batch(node);
                if (result != null) {
                    batched.put(node, result);
                }
            }
        }
        List<Array> results = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            results.add(place(outputs.get(i), outAxes[i]));
        }
        return results;
    }

    private Array place(Array output, int axis) {
        List<Array> found = batched.get(Graph.node(output));
        if (axis == CustomFunction.NOT_MAPPED) {
            if (found != null) {
                throw new IllegalArgumentException(
                        "vmap: a result that depends on a mapped argument needs an out axis; its shape for one example is "
                                + output.shape());
            }
            return output;
        }
        Array value = found == null ? BatchingRules.widen(output, size) : found.get(0);
        return value.moveaxis(0, axis < 0 ? axis + value.ndim() : axis);
    }

    /// The node on the whole batch, or null if it does not depend on it.
    private @Nullable List<Array> batch(Node node) {
        Node[] inputs = node.inputs();
        boolean[] isBatched = new boolean[inputs.length];
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            isBatched[i] = batched.containsKey(inputs[i]);
            any |= isBatched[i];
        }
        if (!any) {
            return null;
        }
        Primitive primitive = Reverse.primitive(node);
        if (primitive instanceof Primitive.Element element) {
            return List.of(of(inputs[0]).get(element.index()));
        }
        Array[] operands = new Array[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            operands[i] = isBatched[i] ? of(inputs[i]).get(0) : inputs[i].array();
        }
        Placement before = Placement.enter(node);
        try {
            return switch (primitive) {
                case Primitive.Custom custom -> ((CustomRule) custom.rule()).batch(custom, operands, isBatched, size);
                case Primitive.Several several -> BatchingRules.several(several, operands, isBatched, size);
                default -> List.of(BatchingRules.batch(primitive, operands, isBatched, size));
            };
        } finally {
            Placement.swap(before);
        }
    }

    private List<Array> of(Node node) {
        List<Array> found = batched.get(node);
        if (found == null) {
            throw new AssertionError("not batched");
        }
        return found;
    }
}
