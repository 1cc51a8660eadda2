package org.lazuli.nn;

import org.lazuli.Array;

/// What a loss function makes of the losses of single elements.
public enum Reduction {
    /// The losses as they are.
    NONE,
    /// Their mean, a scalar.
    MEAN,
    /// Their sum, a scalar.
    SUM;

    Array of(Array loss) {
        return switch (this) {
            case NONE -> loss;
            case MEAN -> loss.mean();
            case SUM -> loss.sum();
        };
    }
}
