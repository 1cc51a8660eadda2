package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#elu].
public class ELU extends Module implements Unary {
    private final double alpha;

    /// With `alpha` = 1.0.
    public ELU() {
        this(1.0);
    }

    public ELU(double alpha) {
        this.alpha = alpha;
    }

    @Override
    public Array apply(Array x) {
        return Activations.elu(x, alpha);
    }
}
