package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// Whether arrays are equal, or nearly so, and numbers in the place of what is none.
public final class Closeness {
    private Closeness() {}

    /// `|a - b| <= atol + rtol * |b|`; infinities are close to themselves.
    public static Array isclose(Array a, Array b, double rtol, double atol, boolean equalNan) {
        DType dtype = Elementwise.inexact(DType.promote(a.dtype(), b.dtype()));
        Array x = Elementwise.cast(a, dtype);
        Array y = Elementwise.cast(b, dtype);
        Array near = x.sub(y).abs().le(y.abs().mul(rtol).add(atol));
        Array infinite = x.isinf().logicalOr(y.isinf());
        Array close = Ops.where(infinite, x.eq(y), near);
        return equalNan ? close.logicalOr(x.isnan().logicalAnd(y.isnan())) : close;
    }

    /// Whether the shapes and all elements are equal, as one `bool`.
    public static Array arrayEqual(Array a, Array b, boolean equalNan) {
        if (!a.shape().equals(b.shape())) {
            return Ops.array(false);
        }
        DType dtype = DType.promote(a.dtype(), b.dtype());
        Array x = Elementwise.cast(a, dtype);
        Array y = Elementwise.cast(b, dtype);
        Array equal = x.eq(y);
        return (equalNan ? equal.logicalOr(x.isnan().logicalAnd(y.isnan())) : equal).all();
    }

    /// Replaces NaN and the infinities.
    public static Array nanToNum(Array x, double nan, double posinf, double neginf) {
        if (x.dtype().isComplex() || x.dtype() == DType.FLOAT64) {
            throw new IllegalArgumentException(
                    "nanToNum: needs float32 or less, as in MLX, got " + x.dtype() + "; write where(x.isnan(), 0, x)");
        }
        if (!x.dtype().isFloating()) {
            return x;
        }
        Array number = Ops.where(x.isnan(), nan, x);
        return Ops.where(x.isposinf(), posinf, Ops.where(x.isneginf(), neginf, number));
    }
}
