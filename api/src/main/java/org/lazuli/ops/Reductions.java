package org.lazuli.ops;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.ScanOp;

/// Reductions and scans.
public final class Reductions {
    private Reductions() {}

    /// Over no axes at all, as of a scalar, every sum is the array itself.
    public static Array sum(Array x, Axes axes) {
        return isEmpty(x, axes, "sum")
                ? x
                : reduce(ReduceOp.SUM, Elementwise.cast(x, accumulator(x.dtype())), axes, "sum");
    }

    public static Array prod(Array x, Axes axes) {
        DType dtype = x.dtype() == DType.UINT8 || x.dtype() == DType.UINT16 || x.dtype() == DType.UINT32
                ? DType.UINT32
                : accumulator(x.dtype());
        return isEmpty(x, axes, "prod") ? x : reduce(ReduceOp.PROD, Elementwise.cast(x, dtype), axes, "prod");
    }

    /// Small integers are summed in 32 bits.
    private static DType accumulator(DType dtype) {
        return switch (dtype) {
            case BOOL, INT8, INT16 -> DType.INT32;
            case UINT8, UINT16 -> DType.UINT32;
            default -> dtype;
        };
    }

    public static Array max(Array x, Axes axes) {
        checkNotEmpty(x, axes, "max");
        return reduce(ReduceOp.MAX, x, axes, "max");
    }

    public static Array min(Array x, Axes axes) {
        checkNotEmpty(x, axes, "min");
        return reduce(ReduceOp.MIN, x, axes, "min");
    }

    public static Array all(Array x, Axes axes) {
        return reduce(ReduceOp.MIN, Elementwise.cast(x, DType.BOOL), axes, "all");
    }

    public static Array any(Array x, Axes axes) {
        return reduce(ReduceOp.MAX, Elementwise.cast(x, DType.BOOL), axes, "any");
    }

    public static Array mean(Array x, Axes axes) {
        return Region.own(() -> {
            Array values = Elementwise.cast(x, Elementwise.inexact(x.dtype()));
            Array sum = reduce(ReduceOp.SUM, values, axes, "mean");
            return overCount(sum, x, axes, 0, "mean");
        });
    }

    /// The mean squared deviation from the mean, over `n - ddof`.
    public static Array var(Array x, Axes axes, int ddof) {
        return Region.own(() -> {
            Array values = Elementwise.cast(x, Elementwise.inexact(x.dtype()));
            Array deviation = values.sub(mean(values, axes.keepDims()));
            Array squares = values.dtype().isComplex() ? deviation.abs().square() : deviation.square();
            Array sum = reduce(ReduceOp.SUM, squares, axes, "var");
            return overCount(sum, x, axes, ddof, "var");
        });
    }

    /// `log(sum(exp(x)))`, shifted by the maximum so that it does not overflow.
    public static Array logsumexp(Array x, Axes axes) {
        return Region.own(() -> {
            Array values = Elementwise.cast(x, Elementwise.inexact(x.dtype()));
            checkNotEmpty(x, Axes.all(), "logsumexp");
            int[] resolved = axes.resolve(x.shape(), "logsumexp");
            if (resolved.length == 0) {
                return values;
            }
            Array max =
                    reduce(ReduceOp.MAX, values, axes.keepDims(), "logsumexp").stopGradient();
            // An infinite maximum is the result; subtracting it would give NaN.
            Array shift = Elementwise.where(max.isinf(), Scalars.like(0, max), max);
            Array sum = reduce(ReduceOp.SUM, values.sub(shift).exp(), axes.keepDims(), "logsumexp");
            Array result = sum.log().add(shift);
            if (resolved.length == 1 && Accelerations.isOffered(values)) {
                result = withSoftmaxAsGradient(
                        Accelerations.offerAlong(resolved[0], new Accelerated.LogSumExp(), result, values),
                        values,
                        axes);
            }
            return axes.keepsDims() ? result : Shapes.squeeze(result, resolved);
        });
    }

    /// A logsumexp that keeps its axis, with the gradient that it has: the graph's would need the exponentials that a kernel does not leave behind.
    private static Array withSoftmaxAsGradient(Array result, Array values, Axes axes) {
        return CustomFunction.of(_ -> List.of(result))
                .withVjp((primals, cotangents, _) -> List.of(cotangents.get(0).mul(softmax(primals.get(0), axes))))
                .apply(List.of(values))
                .get(0);
    }

    /// `exp(x) / sum(exp(x))` along the axes. Its gradient is written in terms of the result, so that what cancels there cancels exactly.
    public static Array softmax(Array x, Axes axes) {
        return Region.own(() -> {
            checkNotEmpty(x, axes, "softmax");
            return CustomFunction.of(in -> List.of(softmaxOf(in.get(0), axes)))
                    .withVjp((primals, cotangents, outputs) ->
                            List.of(softmaxVjp(outputs.get(0), cotangents.get(0), axes)))
                    .apply(List.of(Elementwise.cast(x, Elementwise.inexact(x.dtype()))))
                    .get(0);
        });
    }

    private static Array softmaxOf(Array values, Axes axes) {
        Array graph = exponentials(values, axes);
        int[] resolved = axes.resolve(values.shape(), "softmax");
        return resolved.length == 1
                ? Accelerations.offerAlong(resolved[0], new Accelerated.Softmax(), graph, values)
                : graph;
    }

    private static Array softmaxVjp(Array output, Array cotangent, Axes axes) {
        Array product = output.mul(cotangent);
        Array graph = product.sub(output.mul(product.sum(axes.keepDims())));
        int[] resolved = axes.resolve(output.shape(), "softmax");
        return resolved.length == 1
                ? Accelerations.offerAlong(resolved[0], new Accelerated.SoftmaxGradient(), graph, output, cotangent)
                : graph;
    }

    /// The exponentials, shifted by the maximum and divided by their sum.
    private static Array exponentials(Array values, Axes axes) {
        Array max = reduce(ReduceOp.MAX, values, axes.keepDims(), "softmax").stopGradient();
        Array exponentials = values.sub(max).exp();
        return exponentials.div(reduce(ReduceOp.SUM, exponentials, axes.keepDims(), "softmax"));
    }

    public static Array argReduce(ArgReduceOp op, Array x, int axis, boolean keepDims, String name) {
        int at = x.shape().axis(axis, name);
        if (x.shape().is(at, 0)) {
            throw new IllegalArgumentException(name + ": axis " + axis + " of shape " + x.shape() + " has size 0");
        }
        Array result = Graph.apply(new Primitive.ArgReduce(op, at), x);
        return keepDims ? result : Shapes.squeeze(result, at);
    }

    /// The position in the flattened array.
    public static Array argReduce(ArgReduceOp op, Array x, String name) {
        return argReduce(op, x.flatten(), 0, false, name);
    }

    /// The dtype stays, but booleans are added as integers.
    public static Array scan(ScanOp op, Array x, int axis, boolean reverse, boolean inclusive, String name) {
        Array values = op == ScanOp.SUM && x.dtype() == DType.BOOL ? Elementwise.cast(x, DType.INT32) : x;
        return Graph.apply(new Primitive.Scan(exact(op, x), x.shape().axis(axis, name), reverse, inclusive), values);
    }

    /// Integers have no room for the logarithm that a smaller element adds to a larger one: it is at most log 2, and truncated. A
    /// product of booleans is their minimum.
    private static ScanOp exact(ScanOp op, Array x) {
        return switch (op) {
            case LOGADDEXP -> x.dtype().isInexact() ? op : ScanOp.MAX;
            case PROD -> x.dtype() == DType.BOOL ? ScanOp.MIN : op;
            case SUM, MAX, MIN -> op;
        };
    }

    /// A sum over the number of its terms less `ddof`.
    private static Array overCount(Array sum, Array x, Axes axes, int ddof, String name) {
        int[] resolved = axes.resolve(x.shape(), name);
        Shape terms = x.shape().permute(resolved);
        if (!terms.isOpen()) {
            return sum.mul(1.0 / Math.max(count(x, axes, name) - ddof, 0));
        }
        // The number is not known yet: it is counted when it is.
        Array count = Scalars.constant(1, DType.INT32);
        for (int i = 0; i < resolved.length; i++) {
            Array ones = Elementwise.broadcast(Scalars.constant(1, DType.INT32), terms.slice(i, i + 1));
            count = count.mul(reduce(ReduceOp.SUM, ones, Axes.of(0), name));
        }
        DType dtype = sum.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array divisor = Elementwise.cast(Ops.maximum(count.sub(ddof), 0), dtype);
        return sum.mul(Elementwise.cast(Ops.div(1, divisor), sum.dtype()));
    }

    /// The number of elements that go into each result.
    static long count(Array x, Axes axes, String name) {
        long count = 1;
        for (int axis : axes.resolve(x.shape(), name)) {
            count *= x.dim(axis);
        }
        return count;
    }

    private static Array reduce(ReduceOp op, Array x, Axes axes, String name) {
        int[] resolved = axes.resolve(x.shape(), name);
        if (resolved.length == 0) {
            return x;
        }
        Array kept = Graph.apply(new Primitive.Reduce(op, Ints.of(resolved)), x);
        return axes.keepsDims() ? kept : Shapes.squeeze(kept, resolved);
    }

    private static boolean isEmpty(Array x, Axes axes, String name) {
        return axes.resolve(x.shape(), name).length == 0;
    }

    private static void checkNotEmpty(Array x, Axes axes, String name) {
        Shape shape = x.shape();
        for (int axis : axes.resolve(shape, name)) {
            if (shape.is(axis, 0)) {
                throw new IllegalArgumentException(
                        name + ": axis " + axis + " of shape " + shape + " has size 0, so there is no result");
            }
        }
    }
}
