package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#hardShrink].
public class HardShrink extends Module implements Unary {
    private final double lambda;

    /// With `lambda` = 0.5.
    public HardShrink() {
        this(0.5);
    }

    public HardShrink(double lambda) {
        this.lambda = lambda;
    }

    @Override
    public Array apply(Array x) {
        return Activations.hardShrink(x, lambda);
    }
}
