package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#gelu] and its approximations.
public class GELU extends Module implements Unary {
    /// How to compute it.
    public enum Approx {
        /// [Activations#gelu].
        NONE,
        /// [Activations#geluApprox].
        PRECISE,
        /// [Activations#geluFastApprox].
        FAST
    }

    private final Approx approx;

    /// Without approximation.
    public GELU() {
        this(Approx.NONE);
    }

    public GELU(Approx approx) {
        this.approx = approx;
    }

    @Override
    public Array apply(Array x) {
        return switch (approx) {
            case NONE -> Activations.gelu(x);
            case PRECISE -> Activations.geluApprox(x);
            case FAST -> Activations.geluFastApprox(x);
        };
    }
}
