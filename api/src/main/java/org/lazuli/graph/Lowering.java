package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        if (!(node.primitive() instanceof Primitive.Fallback call) || inputs.length == 0) {
            return inputs;
        }
        int arguments = call.arguments();
        return hasKernel(node, call, inputs) ? Arrays.copyOf(inputs, arguments) : new Node[] {inputs[arguments]};
    }

    /// The instruction that computes a node from its [#operands].
    Primitive primitive(Node node) {
        return switch (node.primitive()) {
            case null -> throw new AssertionError("a leaf has a value");
            // A function's own rules matter to transformations only; without them, plans are found again.
            case Primitive.Custom custom -> new Primitive.Custom(ANY_RULE, custom.arguments());
            case Primitive.Fallback call when !hasKernel(node, call, node.inputs()) -> new Primitive.Depends();
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

    private boolean hasKernel(Node node, Primitive.Fallback call, Node... inputs) {
        List<TensorSpec> specs = new ArrayList<>(call.arguments());
        for (int i = 0; i < call.arguments(); i++) {
            specs.add(inputs[i].spec());
        }
        Placement placement = placement(node);
        OpenBackend there = placement == null ? backend : ActiveBackend.named(placement.device());
        return there.supports(call.kernel(), specs);
    }
}
