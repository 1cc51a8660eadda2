package org.lazuli.conformance;

import org.lazuli.DType;

/// The real dtypes as bits and as doubles. Written out here, so that a backend's conversions are not judged by themselves.
final class Numbers {
    private Numbers() {}

    /// The bits of the value of a real dtype that is nearest to a number (ties to even); integers are cut off and wrap.
    static long bits(DType dtype, double value) {
        return switch (dtype) {
            case BOOL -> value != 0 ? 1 : 0;
            case UINT8, INT8 -> (long) value & 0xFF;
            case UINT16, INT16 -> (long) value & 0xFFFF;
            case UINT32, INT32 -> (long) value & 0xFFFFFFFFL;
            case UINT64, INT64 -> (long) value;
            case FLOAT16 -> half(value);
            case BFLOAT16 -> brain(value);
            case FLOAT32 -> Float.floatToRawIntBits((float) value) & 0xFFFFFFFFL;
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case COMPLEX64 -> throw new IllegalArgumentException("complex64 has two numbers");
        };
    }

    static double value(DType dtype, long bits) {
        return switch (dtype) {
            case BOOL -> (bits & 0xFF) != 0 ? 1 : 0;
            case UINT8 -> bits & 0xFF;
            case INT8 -> (byte) bits;
            case UINT16 -> bits & 0xFFFF;
            case INT16 -> (short) bits;
            case UINT32 -> bits & 0xFFFFFFFFL;
            case INT32 -> (int) bits;
            case INT64 -> bits;
            case UINT64 -> (bits >>> 1) * 2.0 + (bits & 1);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
            case FLOAT32 -> Float.intBitsToFloat((int) bits);
            case FLOAT64 -> Double.longBitsToDouble(bits);
            case COMPLEX64 -> throw new IllegalArgumentException("complex64 has two numbers");
        };
    }

    /// The nearest value of a floating point dtype, as a double.
    static double rounded(DType dtype, double value) {
        return value(dtype, bits(dtype, value));
    }

    /// Rounded once: by way of float32 it would be twice, which "round to odd" makes harmless.
    private static long half(double value) {
        return Float.floatToFloat16(oddly(value)) & 0xFFFF;
    }

    private static long brain(double value) {
        float single = oddly(value);
        int bits = Float.floatToRawIntBits(single);
        if (Float.isNaN(single)) {
            return (bits >>> 16 | 0x40) & 0xFFFFL;
        }
        return ((bits & 0xFFFFFFFFL) + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
    }

    /// The float next to a double towards zero, its last bit set where that is not exact.
    private static float oddly(double value) {
        float single = (float) value;
        if (single == value || Double.isNaN(value)) {
            return single;
        }
        if (Math.abs((double) single) > Math.abs(value)) {
            single = Float.intBitsToFloat(Float.floatToRawIntBits(single) - 1);
        }
        return Float.intBitsToFloat(Float.floatToRawIntBits(single) | 1);
    }

    /// The distance of neighbouring values of a floating point dtype at a number.
    static double ulp(DType dtype, double value) {
        double magnitude = Math.abs(value);
        return switch (dtype) {
            case FLOAT64 -> Math.ulp(magnitude);
            case FLOAT16 -> Math.scalb(1.0, Math.max(Math.getExponent(magnitude), -14) - 10);
            case BFLOAT16 -> Math.scalb(1.0, Math.max(Math.getExponent(magnitude), -126) - 7);
            default -> Math.scalb(1.0, Math.max(Math.getExponent(magnitude), -126) - 23);
        };
    }

    /// Half the distance from 1 to the next number.
    static double epsilon(DType dtype) {
        return ulp(dtype, 1) / 2;
    }

    static double largest(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.MAX_VALUE;
            case FLOAT16 -> 65504;
            case BFLOAT16 -> 0x1.FEp127;
            default -> Float.MAX_VALUE;
        };
    }

    /// The smallest number that is not subnormal.
    static double smallestNormal(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.MIN_NORMAL;
            case FLOAT16 -> 0x1p-14;
            default -> Float.MIN_NORMAL;
        };
    }

    /// True where a device may take subnormal numbers for zero. Metal's specification allows it for float32, not for half.
    static boolean mayFlush(DType dtype) {
        return dtype == DType.FLOAT32 || dtype == DType.BFLOAT16 || dtype == DType.COMPLEX64;
    }

    static boolean isSubnormal(DType dtype, double value) {
        return value != 0 && Math.abs(value) < smallestNormal(dtype);
    }

    static String text(DType dtype, long bits) {
        return switch (dtype) {
            case BOOL -> (bits & 0xFF) != 0 ? "true" : "false";
            case UINT64 -> Long.toUnsignedString(bits);
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Long.toString((long) value(dtype, bits));
            case FLOAT64 -> Double.toString(value(dtype, bits));
            case FLOAT16, BFLOAT16, FLOAT32 -> Float.toString((float) value(dtype, bits));
            case COMPLEX64 -> {
                float imaginary = Float.intBitsToFloat((int) (bits >>> 32));
                yield Float.intBitsToFloat((int) bits)
                        + (Float.toString(imaginary).startsWith("-") ? "" : "+") + imaginary + "j";
            }
        };
    }
}
