package org.lazuli.ops;

import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;

/// Offers a backend one kernel for what a graph of several instructions computes.
final class Accelerations {
    private Accelerations() {}

    /// What `graph` computes of the arguments, by `kernel` where the backend that evaluates has it.
    static Array offer(Accelerated kernel, Array graph, Array... arguments) {
        if (!isOffered(arguments)) {
            return graph;
        }
        Array[] operands = Arrays.copyOf(arguments, arguments.length + 1);
        operands[arguments.length] = graph;
        return Graph.apply(new Primitive.Fallback(kernel, arguments.length), operands);
    }

    /// [#offer] for a kernel of one operand, which works along the last axis, and a graph that works along `axis`.
    static Array offerAlong(int axis, Accelerated kernel, Array graph, Array x) {
        if (!isOffered(x) || axis == x.ndim() - 1) {
            return offer(kernel, graph, x);
        }
        Array along = offer(kernel, Shapes.moveaxis(graph, axis, -1), Shapes.moveaxis(x, axis, -1));
        return Shapes.moveaxis(along, -1, axis);
    }

    /// Kernels know three dtypes, and at least one element.
    private static boolean isOffered(Array... arguments) {
        boolean known = switch (arguments[0].dtype()) {
            case FLOAT16, BFLOAT16, FLOAT32 -> true;
            default -> false;
        };
        return known && Arrays.stream(arguments).noneMatch(argument -> argument.shape().isEmpty());
    }
}
