package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.function.Unary;

/// In training, sets each element to 0 with a probability, and scales the others up so that the mean stays.
///
/// See also: MLX, *Dropout*.
public class Dropout extends Module implements Unary {
    /// The probability of an element to stay.
    private final double keep;

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
        keep = 1 - p;
    }

    @Override
    public Array apply(Array x) {
        if (keep == 1 || !training()) {
            return x;
        }
        Array mask = Random.bernoulli(keep, x.shape());
        return mask.astype(x.dtype()).mul(1 / keep).mul(x);
    }

    @Override
    protected String extraRepr() {
        // MLX's text: 0.1 is shown as 0.09999999999999998.
        return "p=" + Repr.of(1 - keep);
    }
}
