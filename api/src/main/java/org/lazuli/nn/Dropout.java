package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.function.Unary;

/// In training, sets each element to 0 with a probability, and scales the others up so that the mean stays.
///
/// See also: MLX, *Dropout*.
public class Dropout extends Module implements Unary {
    private final double p;

    /// With probability one half.
    public Dropout() {
        this(0.5);
    }

    /// @param p the probability of an element to become 0
    /// @throws IllegalArgumentException if it is negative, or 1 or more
    public Dropout(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("Dropout: the probability must be at least 0 and below 1, not " + p);
        }
        this.p = p;
    }

    @Override
    public Array apply(Array x) {
        if (p == 0 || !training()) {
            return x;
        }
        Array mask = Random.bernoulli(1 - p, x.shape());
        return mask.astype(x.dtype()).mul(1 / (1 - p)).mul(x);
    }

    @Override
    protected String extraRepr() {
        return "p=" + Repr.of(p);
    }
}
