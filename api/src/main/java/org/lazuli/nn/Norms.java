package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.DType;

/// What the normalizing layers share.
final class Norms {
    private Norms() {}

    static void checkDims(String layer, Array x, int dims) {
        if (x.ndim() == 0 || x.dim(-1) != dims) {
            throw new IllegalArgumentException(layer + ": the last axis of the input must have size " + dims
                    + ", but its shape is " + x.shape() + ": make the layer with other dims");
        }
    }

    /// The input in the type to compute in.
    static Array widened(Array x) {
        return x.astype(x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
    }

    /// The type of the result: that of the input, float32 for integers.
    static DType type(Array x) {
        return x.dtype().isInexact() ? x.dtype() : DType.FLOAT32;
    }
}
