package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.graph.Region;

/// Floating point numbers of four and eight bits, as the integers that hold them.
///
/// E4M3 has four bits of exponent, three of mantissa, no infinity and one NaN; E2M1 two and one, and neither; E8M0 is an exponent alone.
///
/// See: Open Compute Project, *OCP 8-bit Floating Point Specification (OFP8)*, revision 1.0, 2023, and *OCP Microscaling Formats (MX)
/// Specification*, version 1.0, 2023, section 5.
public final class SmallFloats {
    static final float LARGEST_E4M3 = 448;
    static final float LARGEST_E2M1 = 6;

    private static final float[] E2M1 = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6};

    private SmallFloats() {}

    public static Array toFp8(Array x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException("toFp8: needs a floating point type, got " + x.dtype());
        }
        return Region.own(() -> toE4m3(Elementwise.cast(x, DType.FLOAT32)));
    }

    public static Array fromFp8(Array x, DType dtype) {
        if (x.dtype() != DType.UINT8 || !dtype.isFloating()) {
            throw new IllegalArgumentException(
                    "fromFp8: turns uint8 into a floating point type, not " + x.dtype() + " into " + dtype);
        }
        return Region.own(() -> Elementwise.cast(fromE4m3(x), dtype));
    }

    /// The nearest numbers, ties to even, as `uint8`; what is larger than the largest becomes the largest.
    ///
    /// @param x float32
    static Array toE4m3(Array x) {
        Array magnitude = Ops.minimum(x.abs(), LARGEST_E4M3);
        Array bits = Shapes.view(magnitude, DType.UINT32);
        // Rounded at the fourth bit of the mantissa, which may carry into the exponent, whose bias is 127 instead of 7.
        Array even = bits.rightShift(20).bitwiseAnd(1);
        Array normal = bits.add(even).add((1 << 19) - 1).rightShift(20).sub((127 - 7) << 3);
        // Below 2^-6 numbers are multiples of 2^-9, whose count is their code; one that rounds up to 2^-6 gets that
        // number's.
        Array subnormal = Elementwise.cast(magnitude.mul(512).round(), DType.UINT32);
        Array code = Ops.where(magnitude.lt(0x1p-6), subnormal, normal);
        Array sign = Shapes.view(x, DType.UINT32).rightShift(24).bitwiseAnd(0x80);
        Array signed = code.bitwiseOr(sign);
        return Elementwise.cast(Ops.where(x.isnan(), Ops.fullLike(signed, 0x7F).bitwiseOr(sign), signed), DType.UINT8);
    }

    /// The numbers that codes stand for, float32.
    static Array fromE4m3(Array codes) {
        float[] table = new float[256];
        for (int code = 0; code < table.length; code++) {
            int exponent = (code >> 3) & 15;
            int mantissa = code & 7;
            double magnitude = exponent == 0 ? mantissa * 0x1p-9 : Math.scalb(8.0 + mantissa, exponent - 10);
            if ((code & 0x7F) == 0x7F) {
                magnitude = Double.NaN;
            }
            table[code] = (float) (code < 128 ? magnitude : -magnitude);
        }
        return Ops.array(table).take(codes, 0);
    }

    /// The nearest numbers, ties to the smaller, as `uint32`. What rounds to 0 has no sign.
    ///
    /// @param x float32
    static Array toE2m1(Array x) {
        Array magnitude = x.abs();
        Array code = Elementwise.cast(magnitude.gt((E2M1[0] + E2M1[1]) / 2), DType.UINT32);
        for (int i = 1; i < 7; i++) {
            code = code.add(Elementwise.cast(magnitude.gt((E2M1[i] + E2M1[i + 1]) / 2), DType.UINT32));
        }
        return Ops.where(x.lt(-E2M1[1] / 2), code.bitwiseOr(8), code);
    }

    /// The numbers that codes stand for, float32.
    static Array fromE2m1(Array codes) {
        return Ops.array(E2M1).take(codes, 0);
    }

    /// The powers of two that codes stand for, float32.
    static Array fromE8m0(Array codes) {
        float[] table = new float[256];
        for (int code = 0; code < 255; code++) {
            table[code] = Math.scalb(1f, code - 127);
        }
        table[255] = Float.NaN;
        return Ops.array(table).take(codes, 0);
    }
}
