package org.lazuli.ops;

import java.math.BigInteger;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;

/// Constants in the graph, and the weak typing of Java numbers: a number takes the type of the array it meets, and only its kind can
/// change that (a fraction makes integers float32).
public final class Scalars {
    private Scalars() {}

    /// The number as an array that is to be combined with `other`.
    ///
    /// @throws IllegalArgumentException if an integer does not fit the type of `other`
    public static Array like(Number value, Array other) {
        return constant(value, weakType(value, other.dtype()));
    }

    /// The type a number takes when it meets an array of type `other`.
    public static DType weakType(Number value, DType other) {
        if (isFraction(value)) {
            return other.isInexact() ? other : DType.FLOAT32;
        }
        if (other != DType.BOOL) {
            return other;
        }
        long integer = value.longValue();
        return integer == (int) integer ? DType.INT32 : DType.INT64;
    }

    /// True for the Java numbers that are floating point.
    public static boolean isFraction(Number value) {
        return value instanceof Double || value instanceof Float;
    }

    /// The type of an array made of this number alone: float32, or int32, or int64 where it must be.
    public static DType defaultType(Number value) {
        if (isFraction(value)) {
            return DType.FLOAT32;
        }
        return value instanceof Long ? DType.INT64 : DType.INT32;
    }

    /// A scalar of this type.
    ///
    /// @throws IllegalArgumentException if the type is an integer type that cannot hold an integer value
    public static Array constant(Number value, DType dtype) {
        if (dtype.isInteger() && !isFraction(value)) {
            checkFits(value, dtype);
        }
        return Graph.applyOwned(new Primitive.Constant(dtype, bits(value, dtype)));
    }

    public static Array constant(boolean value) {
        return Graph.applyOwned(new Primitive.Constant(DType.BOOL, value ? 1 : 0));
    }

    public static Array constant(Complex value) {
        return Graph.applyOwned(new Primitive.Constant(DType.COMPLEX64, complexBits(value.re(), value.im())));
    }

    /// A scalar zero or one of any type.
    public static Array constant(int value, DType dtype) {
        return constant(Integer.valueOf(value), dtype);
    }

    private static void checkFits(Number value, DType dtype) {
        BigInteger integer = value instanceof BigInteger big ? big : BigInteger.valueOf(value.longValue());
        int bits = dtype.bytes() * 8;
        boolean fits =
                dtype.isUnsigned() ? integer.signum() >= 0 && integer.bitLength() <= bits : integer.bitLength() < bits;
        if (!fits) {
            throw new IllegalArgumentException("scalar: " + integer + " does not fit " + dtype
                    + "; convert the array first, for example astype(INT64)");
        }
    }

    static long bits(Number value, DType dtype) {
        return switch (dtype) {
            case BOOL -> isFraction(value) ? (value.doubleValue() != 0 ? 1 : 0) : (value.longValue() != 0 ? 1 : 0);
            case UINT8, INT8 -> value.longValue() & 0xFF;
            case UINT16, INT16 -> value.longValue() & 0xFFFF;
            case UINT32, INT32 -> value.longValue() & 0xFFFF_FFFFL;
            case UINT64, INT64 -> value.longValue();
            case FLOAT16 -> Float.floatToFloat16(value.floatValue()) & 0xFFFF;
            case BFLOAT16 -> bfloat16Bits(value.floatValue());
            case FLOAT32 -> Float.floatToRawIntBits(value.floatValue()) & 0xFFFF_FFFFL;
            case FLOAT64 -> Double.doubleToRawLongBits(value.doubleValue());
            case COMPLEX64 -> complexBits(value.floatValue(), 0);
        };
    }

    private static long complexBits(float re, float im) {
        return ((long) Float.floatToRawIntBits(im) << 32) | (Float.floatToRawIntBits(re) & 0xFFFF_FFFFL);
    }

    /// The upper half of a float32, rounded to nearest, ties to even.
    static long bfloat16Bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (bits >>> 16) | 0x40L;
        }
        return (bits + 0x7FFFL + ((bits >>> 16) & 1)) >>> 16 & 0xFFFF;
    }
}
