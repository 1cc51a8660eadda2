package org.lazuli.ops;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.FftOptions;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.FourierOp;

/// Fourier transforms along several axes, one after another, of lengths that are asked for.
public final class FourierTransforms {
    private FourierTransforms() {}

    /// From the time to the frequency domain, or back.
    public enum Direction {
        FORWARD,
        INVERSE
    }

    /// Axes, the lengths along them in the time domain, and the factor of all together.
    private record Plan(int[] axes, int[] sizes, double scale) {
        /// @param usual how many axes the function has by its name; 0 for any number
        /// @param half whether the input is half a spectrum along the last axis
        static Plan of(Array x, FftOptions options, Direction direction, boolean half, int usual, String name) {
            int[] axes = axes(x.shape(), options, usual, name);
            int[] sizes = sizes(x.shape(), options.sizes(), axes, half);
            double count = 1;
            for (int i = 0; i < axes.length; i++) {
                check(x.shape(), axes, sizes, i, name);
                count *= sizes[i];
            }
            double scale = switch (options.norm()) {
                case BACKWARD -> direction == Direction.FORWARD ? 1 : 1 / count;
                case ORTHO -> 1 / Math.sqrt(count);
                case FORWARD -> direction == Direction.FORWARD ? 1 / count : 1;
            };
            return new Plan(axes, sizes, scale);
        }

        private static int[] axes(Shape shape, FftOptions options, int usual, String name) {
            if (shape.rank() == 0) {
                throw new IllegalArgumentException(name + ": needs an array with at least one axis, got a scalar");
            }
            List<Integer> given = options.axes();
            List<Integer> sizes = options.sizes();
            if (given == null) {
                int count = usual > 0 ? usual : sizes != null ? sizes.size() : shape.rank();
                given = IntStream.range(-count, 0).boxed().toList();
            }
            if (given.isEmpty()) {
                throw new IllegalArgumentException(name + ": needs at least one axis to transform along");
            }
            if (sizes != null && sizes.size() != given.size()) {
                throw new IllegalArgumentException(name + ": " + sizes.size() + " lengths " + sizes + " for "
                        + given.size() + " axes " + given + " of shape " + shape + "; give one for each");
            }
            if (usual == 1 && given.size() > 1) {
                throw new IllegalArgumentException(
                        name + ": transforms along one axis, got " + given + "; use " + name + "n");
            }
            return given.stream().mapToInt(axis -> shape.axis(axis, name)).toArray();
        }

        private static int[] sizes(Shape shape, @Nullable List<Integer> given, int[] axes, boolean half) {
            int[] sizes = new int[axes.length];
            for (int i = 0; i < sizes.length; i++) {
                boolean halved = half && i == sizes.length - 1;
                sizes[i] = given != null ? given.get(i) : halved ? 2 * (shape.dim(axes[i]) - 1) : shape.dim(axes[i]);
            }
            return sizes;
        }

        private static void check(Shape shape, int[] axes, int[] sizes, int i, String name) {
            if (sizes[i] < 1) {
                throw new IllegalArgumentException(name + ": a transform of " + sizes[i] + " elements along axis "
                        + axes[i] + " of shape " + shape + "; the length must be at least 1");
            }
            for (int before = 0; before < i; before++) {
                if (axes[before] == axes[i]) {
                    throw new IllegalArgumentException(
                            name + ": axis " + axes[i] + " is given twice for shape " + shape);
                }
            }
        }

        /// The scale of the transform along axis number `i`: the last one has it all.
        double scale(int i) {
            return i == axes.length - 1 ? scale : 1;
        }
    }

    /// From complex to complex numbers.
    ///
    /// @param usual how many axes the function has by its name; 0 for any number
    public static Array complex(Array x, FftOptions options, Direction direction, int usual, String name) {
        return Region.own(() -> {
            Plan plan = Plan.of(x, options, direction, false, usual, name);
            FourierOp op = direction == Direction.FORWARD ? FourierOp.FORWARD : FourierOp.INVERSE;
            Array result = Elementwise.cast(x, DType.COMPLEX64);
            for (int i = 0; i < plan.axes.length; i++) {
                result = resized(result, plan.axes[i], plan.sizes[i]);
            }
            for (int i = 0; i < plan.axes.length; i++) {
                result = transform(op, result, plan.axes[i], plan.sizes[i], plan.scale(i));
            }
            return result;
        });
    }

    /// From real numbers to half a spectrum, which is halved along the last of the axes.
    public static Array real(Array x, FftOptions options, int usual, String name) {
        return Region.own(() -> {
            Plan plan = Plan.of(x, options, Direction.FORWARD, false, usual, name);
            Array result = Elementwise.cast(x.dtype().isComplex() ? x.real() : x, DType.FLOAT32);
            for (int i = 0; i < plan.axes.length; i++) {
                result = resized(result, plan.axes[i], plan.sizes[i]);
            }
            for (int i = plan.axes.length - 1; i >= 0; i--) {
                FourierOp op = i == plan.axes.length - 1 ? FourierOp.REAL : FourierOp.FORWARD;
                result = transform(op, result, plan.axes[i], plan.sizes[i], plan.scale(i));
            }
            return result;
        });
    }

    /// From half a spectrum to real numbers.
    public static Array hermitian(Array x, FftOptions options, int usual, String name) {
        return Region.own(() -> {
            Plan plan = Plan.of(x, options, Direction.INVERSE, true, usual, name);
            int last = plan.axes.length - 1;
            Array result = Elementwise.cast(x, DType.COMPLEX64);
            for (int i = 0; i <= last; i++) {
                result = resized(result, plan.axes[i], i == last ? plan.sizes[i] / 2 + 1 : plan.sizes[i]);
            }
            for (int i = 0; i <= last; i++) {
                FourierOp op = i == last ? FourierOp.HERMITIAN : FourierOp.INVERSE;
                result = transform(op, result, plan.axes[i], plan.sizes[i], plan.scale(i));
            }
            return result;
        });
    }

    private static Array transform(FourierOp op, Array x, int axis, int length, double scale) {
        return Graph.apply(new Primitive.FourierTransform(op, axis, length, scale), x);
    }

    /// The first `size` elements along an axis, zeros beyond the end.
    private static Array resized(Array x, int axis, int size) {
        int there = x.dim(axis);
        if (size <= there) {
            return Shapes.slice(x, axis, 0, size);
        }
        int[][] widths = new int[x.ndim()][2];
        widths[axis][1] = size - there;
        return Shapes.pad(x, widths, Scalars.constant(0, x.dtype()));
    }

    /// Half a turn along each of the axes, or what is missing to a whole one.
    public static Array shift(Array x, int[] axes, boolean back, String name) {
        int[] along = axes.length == 0 ? Ints.range(0, x.ndim()).toArray() : axes;
        Array result = x;
        for (int given : along) {
            int axis = x.shape().axis(given, name);
            int size = x.dim(axis);
            result = Shapes.roll(result, back ? size - size / 2 : size / 2, axis);
        }
        return result;
    }

    public static Array frequencies(int n, double d, String name) {
        checkCount(n, name);
        return Region.own(() -> {
            Array positive = Ops.arange(0, (n - 1) / 2 + 1, 1, DType.FLOAT32);
            Array negative = Ops.arange(-(n / 2), 0, 1, DType.FLOAT32);
            return Shapes.concatenate(List.of(positive, negative), 0).mul(1 / (n * d));
        });
    }

    public static Array realFrequencies(int n, double d, String name) {
        checkCount(n, name);
        return Region.own(() -> Ops.arange(0, n / 2 + 1, 1, DType.FLOAT32).mul(1 / (n * d)));
    }

    private static void checkCount(int n, String name) {
        if (n < 1) {
            throw new IllegalArgumentException(name + ": the number of samples must be at least 1, got " + n);
        }
    }
}
