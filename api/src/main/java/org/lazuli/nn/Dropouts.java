package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.Shape;

/// What the dropout layers share.
final class Dropouts {
    private Dropouts() {}

    /// The probability to stay, from that to become 0.
    static double keep(String layer, double p) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException(layer + ": the probability must be at least 0 and below 1, not " + p);
        }
        return 1 - p;
    }

    /// Drops what shares an element of a mask of the given shape.
    static Array drop(Array x, double keep, Shape mask) {
        return Random.bernoulli(keep, mask).astype(x.dtype()).mul(1 / keep).mul(x);
    }

    /// Drops whole channels, the last axis, over the axes between it and the batch, if there is one.
    static Array channels(String layer, Array x, double keep, int axes, boolean training) {
        if (x.ndim() != axes + 1 && x.ndim() != axes + 2) {
            throw new IllegalArgumentException(layer + ": the input must have " + (axes + 1) + " axes, " + axes
                    + " and channels, or a batch before them, but its shape is " + x.shape());
        }
        if (keep == 1 || !training) {
            return x;
        }
        Shape mask = x.shape();
        for (int i = 0; i < axes; i++) {
            mask = mask.with(-2 - i, 1);
        }
        return drop(x, keep, mask);
    }

    /// MLX's text: 0.1 is shown as 0.09999999999999998.
    static String text(double keep) {
        return "p=" + Repr.of(1 - keep);
    }
}
