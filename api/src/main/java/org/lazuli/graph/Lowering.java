package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// What a node is to one backend: decides, for every call that a backend may have a kernel for, whether the kernel runs or the graph that
/// came with the call.
///
/// The evaluator sees the graph through this alone, so what is not needed for the decision is never planned, and plans of different
/// backends differ by the structures they are made from.
record Lowering(OpenBackend backend) {
    private static final Primitive.Custom.Rule ANY_RULE = new Primitive.Custom.Rule() {};

    /// The operands that have to be computed for a node.
    Node[] operands(Node node) {
        Node[] inputs = node.inputs();
        return switch (node.primitive()) {
            case Primitive.Fallback(Accelerated kernel, int arguments)
            when inputs.length > 0 -> operands(node, kernel, arguments, inputs);
            case Primitive.FallbackTuple(Accelerated kernel, int arguments)
            when inputs.length > 0 -> operands(node, kernel, arguments, inputs);
            case null, default -> inputs;
        };
    }

    /// True if a backend computes several results of this node at once.
    boolean computesSeveral(Node node) {
        return node.primitive() instanceof Primitive.Tuple && !(primitive(node) instanceof Primitive.Custom);
    }

    /// The arguments of the kernel if it runs, else what the graph gives.
    private Node[] operands(Node node, Accelerated kernel, int arguments, Node... inputs) {
        return hasKernel(node, kernel, arguments, inputs)
                ? Arrays.copyOf(inputs, arguments)
                : Arrays.copyOfRange(inputs, arguments, inputs.length);
    }

    /// The instruction that computes a node from its [#operands].
    Primitive primitive(Node node) {
        return switch (node.primitive()) {
            case null -> throw new AssertionError("a leaf has a value");
            // A function's own rules matter to transformations only; without them, plans are found again.
            case Primitive.Custom custom -> new Primitive.Custom(ANY_RULE, custom.arguments());
            case Primitive.Fallback(Accelerated kernel, int arguments)
            when !hasKernel(node, kernel, arguments, node.inputs()) -> new Primitive.Depends();
            case Primitive.FallbackTuple(Accelerated kernel, int arguments)
            when !hasKernel(node, kernel, arguments, node.inputs()) -> new Primitive.Custom(ANY_RULE, 0);
            case Primitive primitive -> primitive;
        };
    }

    /// Where a node runs, or null for the default stream of the backend that evaluates.
    @Nullable
    Placement placement(Node node) {
        Placement placement = node.placement();
        return placement != null
                        && placement.device().equals(backend.name())
                        && placement.stream() == Placement.defaultStream(backend.name())
                ? null
                : placement;
    }

    private boolean hasKernel(Node node, Accelerated kernel, int arguments, Node... inputs) {
        List<TensorSpec> specs = new ArrayList<>(arguments);
        for (int i = 0; i < arguments; i++) {
            specs.add(inputs[i].spec());
        }
        Placement placement = placement(node);
        OpenBackend there = placement == null ? backend : ActiveBackend.named(placement.device());
        return there.supports(kernel, specs);
    }
}
