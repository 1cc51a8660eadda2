package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#celu].
public class CELU extends Module implements Unary {
    private final double alpha;

    /// With `alpha` = 1.0.
    public CELU() {
        this(1.0);
    }

    public CELU(double alpha) {
        this.alpha = alpha;
    }

    @Override
    public Array apply(Array x) {
        return Activations.celu(x, alpha);
    }
}
