package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#softshrink].
public class Softshrink extends Module implements Unary {
    private final double lambda;

    /// With `lambda` = 0.5.
    public Softshrink() {
        this(0.5);
    }

    public Softshrink(double lambda) {
        this.lambda = lambda;
    }

    @Override
    public Array apply(Array x) {
        return Activations.softshrink(x, lambda);
    }
}
