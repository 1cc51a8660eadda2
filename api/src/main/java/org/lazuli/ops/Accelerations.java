package org.lazuli.ops;

import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;

/// Offers a backend one kernel for what a graph of several instructions computes.
public final class Accelerations {
    private Accelerations() {}

    /// What `graph` computes of the arguments, by `kernel` where the backend that evaluates has it.
    public static Array offer(Accelerated kernel, Array graph, Array... arguments) {
        if (!isOffered(arguments)) {
            return graph;
        }
        Array[] operands = Arrays.copyOf(arguments, arguments.length + 1);
        operands[arguments.length] = graph;
        return Graph.apply(new Primitive.Fallback(kernel, arguments.length), operands);
    }

    /// [#offer] for a kernel that works along the last axis of all its operands, and a graph that works along `axis`.
    static Array offerAlong(int axis, Accelerated kernel, Array graph, Array... arguments) {
        if (!isOffered(arguments) || axis == arguments[0].ndim() - 1) {
            return offer(kernel, graph, arguments);
        }
        Array[] moved = Arrays.stream(arguments)
                .map(argument -> Shapes.moveaxis(argument, axis, -1))
                .toArray(Array[]::new);
        return Shapes.moveaxis(offer(kernel, Shapes.moveaxis(graph, axis, -1), moved), -1, axis);
    }

    /// True if kernels may be had for these: they know three dtypes, and at least one element.
    static boolean isOffered(Array... arguments) {
        boolean known = switch (arguments[0].dtype()) {
            case FLOAT16, BFLOAT16, FLOAT32 -> true;
            default -> false;
        };
        for (Array argument : arguments) {
            known &= !argument.shape().isEmpty();
        }
        return known;
    }
}
