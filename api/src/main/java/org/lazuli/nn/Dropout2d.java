package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// In training, sets whole channels of images to 0 with a probability, and scales the others up so that the mean stays.
///
/// Neighbouring pixels are alike, so that [Dropout] of single ones takes little away.
///
/// See: J. Tompson et al., *Efficient object localization using convolutional networks*, 2015. See also: MLX, *Dropout2d*.
public class Dropout2d extends Module implements Unary {
    private final double keep;

    /// With probability one half.
    public Dropout2d() {
        this(0.5);
    }

    /// @param p the probability of a channel to become 0
    /// @throws IllegalArgumentException if it is negative, or 1 or more
    public Dropout2d(double p) {
        keep = Dropouts.keep("Dropout2d", p);
    }

    /// @param x shape `(N,H,W,C)` or `(H,W,C)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        return Dropouts.channels("Dropout2d", x, keep, 2, training());
    }

    @Override
    protected String extraRepr() {
        return Dropouts.text(keep);
    }
}
