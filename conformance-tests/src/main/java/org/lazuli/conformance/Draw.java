package org.lazuli.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.TensorSpec;

/// What a row makes an input from: the dtype, the size that is asked for, and choices.
final class Draw {
    /// Around the widths of vectors and of tiles, and none.
    static final List<Integer> SIZES =
            List.of(1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 5000, 0);

    /// Which values the operands have.
    enum Kind {
        /// Within the domain of the row.
        ORDINARY,
        /// NaN, infinities, signed zeros, the limits of integers.
        SPECIAL,
        SUBNORMAL
    }

    final DType dtype;
    final Choices choices;
    final Kind kind;
    private final int size;
    private final boolean deep;
    private final Random random;

    private Draw(DType dtype, Choices choices, Kind kind, int size, boolean deep) {
        this.dtype = dtype;
        this.choices = choices;
        this.kind = kind;
        this.size = size;
        this.deep = deep;
        this.random = new Random(choices.seed() * 31 + kind.ordinal());
    }

    /// The first choice is the size along the axis that matters.
    static Draw sized(DType dtype, Choices choices, Kind kind) {
        return new Draw(dtype, choices, kind, choices.of(SIZES), false);
    }

    /// Several axes of a few elements.
    static Draw deep(DType dtype, Choices choices) {
        return new Draw(dtype, choices, Kind.ORDINARY, choices.between(1, 9), true);
    }

    /// One large input.
    static Draw large(DType dtype, Choices choices, int size) {
        return new Draw(dtype, choices, Kind.ORDINARY, size, false);
    }

    /// The size that matters, at most this.
    int size(int most) {
        return Math.min(size, most);
    }

    boolean isDeep() {
        return deep;
    }

    Random random() {
        return random;
    }

    /// Any shape: of one axis of the size asked for, or of several short ones.
    Shape shape() {
        return deep ? Shape.of(choices.dims(choices.between(2, 4), 1, 5)) : Shape.of(size);
    }

    /// Any shape, with an axis of the size asked for at `axis`.
    Shape shape(int axis, int rank) {
        int[] dims = new int[rank];
        Arrays.setAll(dims, i -> i == axis ? (deep ? Math.max(1, Math.min(size, 6)) : size) : choices.between(1, 3));
        return Shape.of(dims);
    }

    /// Elements of the dtype, each drawn; complex64 as pairs.
    HostTensor numbers(DType type, Shape shape, ToDoubleFunction<Random> element) {
        double[] values = new double[shape.size() * (type.isComplex() ? 2 : 1)];
        Arrays.setAll(values, i -> element.applyAsDouble(random));
        return HostTensor.of(new TensorSpec(type, shape), values);
    }

    /// Elements with any bits at all, except that bool has only two values.
    HostTensor anyBits(DType type, Shape shape) {
        long[] bits = new long[shape.size()];
        for (int i = 0; i < bits.length; i++) {
            long drawn = random.nextLong();
            // One in four is a NaN or infinity with some payload.
            bits[i] = type == DType.BOOL ? drawn & 1 : random.nextInt(4) == 0 ? drawn | exponent(type) : drawn;
        }
        return HostTensor.ofBits(new TensorSpec(type, shape), bits);
    }

    private static long exponent(DType type) {
        return switch (type) {
            case FLOAT16 -> 0x7C00L;
            case BFLOAT16 -> 0x7F80L;
            case FLOAT32 -> 0x7F800000L;
            case FLOAT64 -> 0x7FF0000000000000L;
            case COMPLEX64 -> 0x7F8000007F800000L;
            default -> 0;
        };
    }

    /// Integers over the whole range with their limits among them, or bools.
    HostTensor integers(DType type, Shape shape) {
        long[] bits = new long[shape.size()];
        int width = 8 * type.bytes();
        for (int i = 0; i < bits.length; i++) {
            bits[i] = type == DType.BOOL
                    ? random.nextInt(2)
                    : switch (random.nextInt(8)) {
                        case 0 -> 1L << (width - 1);
                        case 1 -> (1L << (width - 1)) - 1;
                        case 2 -> -1;
                        case 3, 4 -> random.nextInt(7) - (type.isUnsigned() ? 0 : 3);
                        default -> random.nextLong();
                    };
        }
        return HostTensor.ofBits(new TensorSpec(type, shape), bits);
    }

    /// Any values of the dtype: floating point ones between -2 and 2.
    HostTensor any(DType type, Shape shape) {
        return type.isInexact() ? numbers(type, shape, r -> 4 * r.nextDouble() - 2) : integers(type, shape);
    }

    /// Special values among ordinary ones, where that is asked for.
    HostTensor anyOrSpecial(DType type, Shape shape) {
        if (!type.isFloating() || kind == Kind.ORDINARY) {
            return any(type, shape);
        }
        double[] special = special(type);
        return numbers(
                type, shape, r -> r.nextInt(3) == 0 ? special[r.nextInt(special.length)] : 4 * r.nextDouble() - 2);
    }

    /// The special values of a floating point dtype.
    double[] special(DType type) {
        if (kind == Kind.SUBNORMAL) {
            double least = type == DType.FLOAT64 ? Double.MIN_VALUE : Numbers.ulp(type, 0);
            double normal = Numbers.smallestNormal(type);
            return new double[] {least, -least, normal / 2, -normal / 4, normal, 0, 1};
        }
        return new double[] {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.0,
            -0.0,
            1,
            -1,
            0.5,
            -0.5,
            2,
            -2,
            10,
            -10,
            100,
            -100
        };
    }
}
