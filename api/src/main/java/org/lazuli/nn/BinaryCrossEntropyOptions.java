package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// Options of [Losses#binaryCrossEntropy].
///
/// @param weights factors for the single losses, of their shape
/// @param withLogits whether the inputs are logits; if not, they are probabilities
/// @param reduction what to make of the single losses
public record BinaryCrossEntropyOptions(@Nullable Array weights, boolean withLogits, Reduction reduction) {
    /// Logits, no weights, the mean.
    public static final BinaryCrossEntropyOptions DEFAULT = new BinaryCrossEntropyOptions(null, true, Reduction.MEAN);

    public BinaryCrossEntropyOptions withWeights(@Nullable Array weights) {
        return new BinaryCrossEntropyOptions(weights, withLogits, reduction);
    }

    public BinaryCrossEntropyOptions withLogits(boolean withLogits) {
        return new BinaryCrossEntropyOptions(weights, withLogits, reduction);
    }

    public BinaryCrossEntropyOptions withReduction(Reduction reduction) {
        return new BinaryCrossEntropyOptions(weights, withLogits, reduction);
    }
}
