package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#leakyRelu].
public class LeakyReLU extends Module implements Unary {
    private final double negativeSlope;

    /// With `negativeSlope` = 0.01.
    public LeakyReLU() {
        this(0.01);
    }

    public LeakyReLU(double negativeSlope) {
        this.negativeSlope = negativeSlope;
    }

    @Override
    public Array apply(Array x) {
        return Activations.leakyRelu(x, negativeSlope);
    }
}
