package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// The layer of [Activations#prelu], with learned slopes.
public class PReLU extends Module implements Unary {
    /// The slopes, shape `(numParameters)`.
    public Array weight;

    /// One slope, 0.25 at first.
    public PReLU() {
        this(1, 0.25);
    }

    /// @param numParameters 1, or the size of the last axis
    /// @param init the slopes at first
    public PReLU(int numParameters, double init) {
        weight = Ops.full(Shape.of(numParameters), init, DType.FLOAT32);
    }

    @Override
    public Array apply(Array x) {
        return Activations.prelu(x, weight);
    }
}
