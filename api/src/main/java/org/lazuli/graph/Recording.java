package org.lazuli.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lazuli.Array;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The graph of a function, to be instantiated with other arguments without running the function.
public final class Recording {
    private final List<Array> captured;
    private final List<Instruction> instructions;
    private final int[] outputs;

    /// Positions count the arguments first, then the captured arrays, then the instructions.
    private record Instruction(Primitive primitive, int[] inputs, List<TensorSpec> specs) {}

    private Recording(List<Array> captured, List<Instruction> instructions, int... outputs) {
        this.captured = captured;
        this.instructions = instructions;
        this.outputs = outputs;
    }

    /// Records the graph between arguments and results.
    ///
    /// @param arguments arrays made for this, such as placeholders, older than everything the function made
    public static Recording of(List<Array> arguments, List<Array> results) {
        Set<Node> sources = new HashSet<>();
        arguments.forEach(argument -> sources.add(Graph.node(argument)));
        List<Node> captured = new ArrayList<>();
        List<Node> inside = between(sources, results, captured);
        Map<Node, Integer> positions = new HashMap<>();
        arguments.forEach(argument -> positions.put(Graph.node(argument), positions.size()));
        captured.forEach(node -> positions.put(node, positions.size()));
        List<Instruction> instructions = new ArrayList<>();
        for (Node node : inside) {
            positions.put(node, positions.size());
            Primitive primitive = node.primitive();
            if (primitive == null) {
                throw new AssertionError("a leaf is captured");
            }
            instructions.add(new Instruction(primitive, positionsOf(node.inputs(), positions), node.specs()));
        }
        Node[] ends = results.stream().map(Graph::node).toArray(Node[]::new);
        return new Recording(captured.stream().map(Node::array).toList(), instructions, positionsOf(ends, positions));
    }

    private static int[] positionsOf(Node[] nodes, Map<Node, Integer> positions) {
        int[] result = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            result[i] = positions.getOrDefault(nodes[i], -1);
        }
        return result;
    }

    /// The instructions that the function made, by age; what it took from outside goes to `captured`.
    private static List<Node> between(Set<Node> sources, List<Array> results, List<Node> captured) {
        long oldest = sources.stream().mapToLong(Node::id).min().orElse(Long.MAX_VALUE);
        Set<Node> seen = new HashSet<>(sources);
        Deque<Node> stack = new ArrayDeque<>();
        results.forEach(result -> stack.push(Graph.node(result)));
        List<Node> inside = new ArrayList<>();
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (!seen.add(node)) {
                continue;
            }
            if (node.id() < oldest || node.primitive() == null || node.isEvaluated()) {
                captured.add(node);
            } else {
                inside.add(node);
                for (Node input : node.inputs()) {
                    stack.push(input);
                }
            }
        }
        inside.sort(Comparator.comparingLong(Node::id));
        return inside;
    }

    /// The arrays that the function took from outside.
    public List<Array> captured() {
        return captured;
    }

    /// The results for other arguments, of the recorded types and shapes.
    public List<Array> instantiate(List<Array> arguments) {
        return instantiate(arguments, captured);
    }

    /// The results for other arguments, and others in place of the captured arrays.
    public List<Array> instantiate(List<Array> arguments, List<Array> captured) {
        int given = arguments.size() + captured.size();
        Node[] nodes = new Node[given + instructions.size()];
        for (int i = 0; i < given; i++) {
            nodes[i] = Graph.node(i < arguments.size() ? arguments.get(i) : captured.get(i - arguments.size()));
        }
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            Node[] inputs = new Node[instruction.inputs().length];
            for (int j = 0; j < inputs.length; j++) {
                inputs[j] = nodes[instruction.inputs()[j]];
            }
            Node node = Node.of(instruction.primitive(), inputs, instruction.specs());
            nodes[given + i] = instruction.primitive() instanceof Primitive.Tuple ? node.owned() : node;
            if (instruction.primitive() instanceof Primitive.Element) {
                inputs[0].addElement(node);
            }
        }
        List<Array> results = new ArrayList<>(outputs.length);
        for (int output : outputs) {
            results.add(nodes[output].array());
        }
        return results;
    }
}
