package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// In training, sets whole channels of volumes to 0 with a probability, and scales the others up so that the mean stays.
///
/// Neighbouring voxels are alike, so that [Dropout] of single ones takes little away.
///
/// See: J. Tompson et al., *Efficient object localization using convolutional networks*, 2015. See also: MLX, *Dropout3d*.
public class Dropout3d extends Module implements Unary {
    private final double keep;

    /// With probability one half.
    public Dropout3d() {
        this(0.5);
    }

    /// @param p the probability of a channel to become 0
    /// @throws IllegalArgumentException if it is negative, or 1 or more
    public Dropout3d(double p) {
        keep = Dropouts.keep("Dropout3d", p);
    }

    /// @param x shape `(N,D,H,W,C)` or `(D,H,W,C)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        return Dropouts.channels("Dropout3d", x, keep, 3, training());
    }

    @Override
    protected String extraRepr() {
        return Dropouts.text(keep);
    }
}
