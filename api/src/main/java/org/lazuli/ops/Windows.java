package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// Window functions of signal processing: float32 vectors that fall off towards both ends.
public final class Windows {
    private Windows() {}

    /// A triangle.
    public static Array bartlett(int size) {
        if (size <= 1) {
            return ones(size);
        }
        Array position = Ops.arange(0, size, 1, DType.FLOAT32);
        Array rising = position.mul(2.0 / (size - 1));
        return Ops.where(position.le((size - 1) / 2.0), rising, Ops.sub(2, rising));
    }

    /// A sum of cosines: `sum of coefficients[k] * cos(2 pi k n / (size - 1))`.
    public static Array cosines(int size, double... coefficients) {
        if (size <= 1) {
            return ones(size);
        }
        Array angle = Ops.arange(0, size, 1, DType.FLOAT32).mul(2 * Math.PI / (size - 1));
        Array result = Ops.full(angle.shape(), coefficients[0]);
        for (int k = 1; k < coefficients.length; k++) {
            result = result.add(angle.mul(k).cos().mul(coefficients[k]));
        }
        return result;
    }

    private static Array ones(int size) {
        return Ops.ones(Math.max(size, 0));
    }
}
