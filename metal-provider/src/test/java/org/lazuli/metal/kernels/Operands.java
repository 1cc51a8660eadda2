package org.lazuli.metal.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.spi.TensorSpec;

/// Operands for kernels along axes: shapes with sizes about those at which the kernels change their way, in any layout.
final class Operands {
    static final List<DType> TYPES = Arrays.stream(DType.values())
            .filter(dtype -> dtype != DType.FLOAT64)
            .toList();

    static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

    /// Where simdgroups, threadgroups, blocks and parts begin and end.
    private static final int[] SIZES = {
        1, 2, 7, 8, 9, 16, 17, 31, 32, 33, 63, 255, 256, 257, 1023, 1025, 2047, 2049, 4097
    };

    private Operands() {}

    /// Up to three axes, and at most about `most` elements; one axis is long or none is.
    static Shape shape(Random random, int most) {
        int[] dims = new int[1 + random.nextInt(3)];
        int room = most;
        int first = random.nextInt(dims.length);
        for (int i = 0; i < dims.length; i++) {
            int axis = (first + i) % dims.length;
            int size = SIZES[random.nextInt(i == 0 ? SIZES.length : SIZES.length / 2)];
            dims[axis] = Math.min(size, Math.max(room, 1));
            room /= dims[axis];
        }
        return Shape.of(dims);
    }

    /// Arbitrary elements in any layout; a small range of integers, so that some are equal, if `ties`.
    static Placed random(DType dtype, Shape shape, boolean ties, Random random) {
        Placed plain = Exact.random(dtype, shape, random.nextLong());
        if (ties) {
            double[] values = random.doubles((long) shape.size() * (dtype.isComplex() ? 2 : 1), 0, 5)
                    .map(Math::floor)
                    .toArray();
            plain = shape.size() == 0 ? plain : Placed.contiguous(plain.spec(), Placed.encode(dtype, values));
        }
        return placed(plain, random);
    }

    static Placed placed(Placed plain, Random random) {
        Placed placed = laidOut(plain, random);
        return random.nextInt(6) == 0 && plain.spec().shape().rank() > 0
                ? placed.repeated(random.nextInt(plain.spec().shape().rank()))
                : placed;
    }

    private static Placed laidOut(Placed plain, Random random) {
        return plain.layouts().get(random.nextInt(5));
    }

    /// Numbers whose products stay in range, in any layout. Of many their logarithms cancel; those of few that a layout repeats
    /// add up, so that they are kept so small that all of them together stay below the largest float16, about `e^11`.
    static Placed aboutOne(DType dtype, Shape shape, Random random) {
        boolean repeats = random.nextInt(6) == 0;
        double spread = repeats ? Math.min(0.02, 10.0 / shape.size()) : 0.02;
        double[] values = random.doubles(shape.size(), -spread, spread)
                .map(x -> random.nextBoolean() ? Math.exp(x) : -Math.exp(x))
                .toArray();
        Placed placed = laidOut(Placed.of(dtype, shape, values), random);
        return repeats ? placed.repeated(random.nextInt(shape.rank())) : placed;
    }

    /// With NaN, infinities and zeros of both signs among them.
    static Placed special(DType dtype, Shape shape, Random random) {
        double[] choice = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1, -2, 1e-6};
        double[] values = new double[shape.size() * (dtype.isComplex() ? 2 : 1)];
        // Of some rows all kinds, of others few.
        int kinds = 1 + random.nextInt(choice.length);
        int from = random.nextInt(choice.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = choice[(from + random.nextInt(kinds)) % choice.length];
        }
        return placed(Placed.contiguous(new TensorSpec(dtype, shape), Placed.encode(dtype, values)), random);
    }

    /// The same elements as float64, or their magnitudes, in row-major order.
    static Placed wide(Placed placed, boolean magnitudes) {
        double[] values = Exact.values(placed);
        return Placed.of(
                DType.FLOAT64,
                placed.spec().shape(),
                magnitudes ? Arrays.stream(values).map(Math::abs).toArray() : values);
    }

    static Shape keeping(Shape shape, int... axes) {
        int[] dims = shape.toArray();
        for (int axis : axes) {
            dims[axis] = 1;
        }
        return Shape.of(dims);
    }
}
