package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// Options of [Losses#crossEntropy].
///
/// @param weights factors for the single losses, of their shape
/// @param axis the axis along which the classes are
/// @param labelSmoothing the share of the probability that is spread evenly over all classes, at least 0 and below 1
/// @param reduction what to make of the single losses
public record CrossEntropyOptions(@Nullable Array weights, int axis, double labelSmoothing, Reduction reduction) {
    /// Classes along the last axis, no weights, no smoothing, no reduction.
    public static final CrossEntropyOptions DEFAULT = new CrossEntropyOptions(null, -1, 0.0, Reduction.NONE);

    public CrossEntropyOptions {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException(
                    "crossEntropy: label smoothing must be at least 0 and below 1, not " + labelSmoothing);
        }
    }

    public CrossEntropyOptions withWeights(@Nullable Array weights) {
        return new CrossEntropyOptions(weights, axis, labelSmoothing, reduction);
    }

    public CrossEntropyOptions withAxis(int axis) {
        return new CrossEntropyOptions(weights, axis, labelSmoothing, reduction);
    }

    public CrossEntropyOptions withLabelSmoothing(double labelSmoothing) {
        return new CrossEntropyOptions(weights, axis, labelSmoothing, reduction);
    }

    public CrossEntropyOptions withReduction(Reduction reduction) {
        return new CrossEntropyOptions(weights, axis, labelSmoothing, reduction);
    }
}
