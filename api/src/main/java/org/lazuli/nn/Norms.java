package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Axes;
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

    /// The input, in float32 if it is of integers.
    static Array inexact(Array x) {
        return x.dtype().isInexact() ? x : x.astype(DType.FLOAT32);
    }

    /// Mean 0 and variance 1 over the axes.
    static Array normalize(Array x, Axes axes, double eps) {
        Array centered = x.sub(x.mean(axes));
        return centered.mul(centered.square().mean(axes).add(eps).rsqrt());
    }
}
