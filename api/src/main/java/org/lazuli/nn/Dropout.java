package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// In training, sets each element to 0 with a probability, and scales the others up so that the mean stays.
///
/// See: N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, 2014. See also: MLX, *Dropout*.
public class Dropout extends Module implements Unary {
    private final double keep;

    /// With probability one half.
    public Dropout() {
        this(0.5);
    }

    /// @param p the probability of an element to become 0
    /// @throws IllegalArgumentException if it is negative, or 1 or more
    public Dropout(double p) {
        keep = Dropouts.keep("Dropout", p);
    }

    /// @param x of any shape
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        return keep == 1 || !training() ? x : Dropouts.drop(x, keep, x.shape());
    }

    @Override
    protected String extraRepr() {
        return Dropouts.text(keep);
    }
}
