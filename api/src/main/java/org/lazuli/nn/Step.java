package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#step].
public class Step extends Module implements Unary {
    private final double threshold;

    /// With `threshold` = 0.0.
    public Step() {
        this(0.0);
    }

    public Step(double threshold) {
        this.threshold = threshold;
    }

    @Override
    public Array apply(Array x) {
        return Activations.step(x, threshold);
    }
}
