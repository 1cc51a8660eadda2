package org.lazuli.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The graph of a function, to be instantiated with other arguments without running the function.
public final class Recording {
    private final List<TensorSpec> arguments;
    private final List<Array> captured;
    private final List<Instruction> instructions;
    private final int[] outputs;

    /// One instruction. Positions count the arguments first, then the captured arrays, then the instructions.
    ///
    /// @param inputs the positions of the operands, each less than its own
    /// @param specs the types and shapes of the results
    /// @param placement where it runs, or null for wherever the evaluation does
    public record Instruction(
            Primitive primitive,
            int[] inputs,
            List<TensorSpec> specs,
            @Nullable Placement placement) {
        public Instruction(Primitive primitive, int[] inputs, List<TensorSpec> specs) {
            this(primitive, inputs, specs, null);
        }
    }

    private Recording(
            List<TensorSpec> arguments, List<Array> captured, List<Instruction> instructions, int... outputs) {
        this.arguments = arguments;
        this.captured = captured;
        this.instructions = instructions;
        this.outputs = outputs;
    }

    /// Records the graph between arguments and results.
    ///
    /// @param arguments arrays made for this, such as placeholders, older than everything the function made
    public static Recording of(List<Array> arguments, List<Array> results) {
        return of(arguments, results, new HashMap<>());
    }

    /// [#of(List, List)] that also tells the position of each node.
    static Recording of(List<Array> arguments, List<Array> results, Map<Node, Integer> positions) {
        Set<Node> sources = new HashSet<>();
        arguments.forEach(argument -> sources.add(Graph.node(argument)));
        List<Node> captured = new ArrayList<>();
        List<Node> inside = between(sources, results, captured);
        arguments.forEach(argument -> positions.put(Graph.node(argument), positions.size()));
        captured.forEach(node -> positions.put(node, positions.size()));
        List<Instruction> instructions = new ArrayList<>();
        for (Node node : inside) {
            positions.put(node, positions.size());
            Primitive primitive = node.primitive();
            if (primitive == null) {
                throw new AssertionError("a leaf is captured");
            }
            instructions.add(
                    new Instruction(primitive, positionsOf(node.inputs(), positions), node.specs(), node.placement()));
        }
        Node[] ends = results.stream().map(Graph::node).toArray(Node[]::new);
        return new Recording(
                arguments.stream().map(argument -> Graph.node(argument).spec()).toList(),
                captured.stream().map(Node::array).toList(),
                instructions,
                positionsOf(ends, positions));
    }

    private static int[] positionsOf(Node[] nodes, Map<Node, Integer> positions) {
        int[] result = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            result[i] = positions.getOrDefault(nodes[i], -1);
        }
        return result;
    }

    /// The graph with these parts, read from somewhere.
    ///
    /// @throws RuntimeException if a position or an instruction's operands are wrong
    public static Recording read(
            List<TensorSpec> arguments,
            List<Array> captured,
            List<Primitive> primitives,
            List<int[]> inputs,
            int... outputs) {
        for (int i = 0; i < primitives.size(); i++) {
            Operands.check(primitives.get(i), inputs.get(i).length);
        }
        return of(arguments, captured, primitives, inputs, Collections.nCopies(primitives.size(), null), outputs);
    }

    /// The graph with these parts, in whose instructions sizes are open: the types and shapes of results are not known.
    ///
    /// @throws RuntimeException if an instruction has the wrong number of operands
    static Recording open(
            List<TensorSpec> arguments,
            List<Array> captured,
            List<Primitive> primitives,
            List<int[]> inputs,
            int... outputs) {
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < primitives.size(); i++) {
            Operands.check(primitives.get(i), inputs.get(i).length);
            instructions.add(new Instruction(primitives.get(i), inputs.get(i), List.of()));
        }
        return new Recording(arguments, captured, instructions, outputs);
    }

    /// The graph with these parts: types and shapes are inferred.
    ///
    /// @param inputs for each instruction the positions of its operands
    /// @param placements for each instruction where it runs
    /// @throws RuntimeException if a position or an instruction's operands are wrong
    static Recording of(
            List<TensorSpec> arguments,
            List<Array> captured,
            List<Primitive> primitives,
            List<int[]> inputs,
            List<@Nullable Placement> placements,
            int... outputs) {
        List<List<TensorSpec>> specs = new ArrayList<>();
        arguments.forEach(argument -> specs.add(List.of(argument)));
        captured.forEach(array -> specs.add(List.of(Graph.node(array).spec())));
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < primitives.size(); i++) {
            List<TensorSpec> results = infer(primitives.get(i), inputs.get(i), specs);
            specs.add(results);
            instructions.add(new Instruction(primitives.get(i), inputs.get(i), results, placements.get(i)));
        }
        for (int output : outputs) {
            specs.get(output);
        }
        return new Recording(arguments, captured, instructions, outputs);
    }

    /// The types and shapes of an instruction's results, from those at the positions of its operands.
    static List<TensorSpec> infer(Primitive primitive, int[] inputs, List<List<TensorSpec>> specs) {
        if (primitive instanceof Primitive.Element element) {
            return List.of(specs.get(inputs[0]).get(element.index()));
        }
        List<TensorSpec> operands = new ArrayList<>();
        for (int input : inputs) {
            operands.add(specs.get(input).get(0));
        }
        return ShapeRules.infer(primitive, operands);
    }

    /// This graph with every shape in it replaced, as in an instruction's attributes.
    Recording map(UnaryOperator<Shape> change) {
        List<Instruction> mapped = new ArrayList<>();
        for (Instruction instruction : instructions) {
            mapped.add(new Instruction(
                    Attributes.map(instruction.primitive(), change),
                    instruction.inputs(),
                    instruction.specs().stream()
                            .map(spec -> spec.withShape(change.apply(spec.shape())))
                            .toList(),
                    instruction.placement()));
        }
        return new Recording(arguments, captured, mapped, outputs);
    }

    /// The instructions that the function made, by age; what it took from outside goes to `captured`.
    private static List<Node> between(Set<Node> sources, List<Array> results, List<Node> captured) {
        long oldest = Long.MAX_VALUE;
        for (Node source : sources) {
            oldest = Math.min(oldest, source.id());
        }
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
        inside.sort(Node.BY_AGE);
        return inside;
    }

    /// The types and shapes of the arguments.
    public List<TensorSpec> arguments() {
        return arguments;
    }

    /// The arrays that the function took from outside.
    public List<Array> captured() {
        return captured;
    }

    /// The instructions, operands before their users.
    public List<Instruction> instructions() {
        return instructions;
    }

    /// The positions of the results.
    public int[] outputs() {
        return outputs.clone();
    }

    /// This graph without the rules that functions brought along: every call of such a function is what it computes.
    public Recording withoutRules() {
        return moveWithoutRules().recording();
    }

    /// A graph that another became, and the position in it for each position in that one; -1 for what is gone.
    record Moved(Recording recording, int[] positions) {}

    /// [#withoutRules], and what became of each position.
    Moved moveWithoutRules() {
        int given = arguments.size() + captured.size();
        int[] moved = new int[given + instructions.size()];
        for (int i = 0; i < given; i++) {
            moved[i] = i;
        }
        List<Instruction> kept = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            int[] inputs = moved(instruction.inputs(), moved);
            switch (instruction.primitive()) {
                case Primitive.Custom _ -> moved[given + i] = -1;
                case Primitive.Element element
                when ruleOf(instruction) != null -> {
                    Instruction call = Objects.requireNonNull(ruleOf(instruction));
                    moved[given + i] = moved[call.inputs()[argumentsOf(call) + element.index()]];
                }
                case Primitive primitive -> {
                    moved[given + i] = given + kept.size();
                    kept.add(new Instruction(primitive, inputs, instruction.specs(), instruction.placement()));
                }
            }
        }
        return new Moved(new Recording(arguments, captured, kept, moved(outputs, moved)), moved);
    }

    /// The call that a member is of, or null if it is a member of something else.
    private @Nullable Instruction ruleOf(Instruction element) {
        Instruction tuple = instructions.get(element.inputs()[0] - arguments.size() - captured.size());
        return tuple.primitive() instanceof Primitive.Custom ? tuple : null;
    }

    private static int argumentsOf(Instruction call) {
        return ((Primitive.Custom) call.primitive()).arguments();
    }

    private static int[] moved(int[] positions, int... moved) {
        int[] result = new int[positions.length];
        for (int i = 0; i < positions.length; i++) {
            result[i] = moved[positions[i]];
        }
        return result;
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
            Placement before = Placement.enter(instruction.placement());
            Node node = Node.of(instruction.primitive(), inputs, instruction.specs());
            Placement.swap(before);
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
