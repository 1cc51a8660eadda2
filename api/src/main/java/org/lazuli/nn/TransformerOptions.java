package org.lazuli.nn;

import java.util.OptionalInt;
import org.lazuli.function.Unary;

/// Options of [Transformer], its encoder, its decoder and their layers.
///
/// @param mlpDims the size between the two linear layers; four times the transformer's if empty
/// @param dropout the probability of [Dropout]
/// @param activation what comes between the two linear layers
/// @param normFirst whether to normalize what goes into attention and linear layers, rather than the sum of what comes in and what they
///     give
/// @param checkpoint whether each layer's intermediate values are computed again for the gradient instead of kept
public record TransformerOptions(
        OptionalInt mlpDims, double dropout, Unary activation, boolean normFirst, boolean checkpoint) {
    /// Four times the size between the linear layers, no dropout, [Activations#relu(org.lazuli.Array)], normalization first, no
    /// checkpoints.
    public static final TransformerOptions DEFAULT =
            new TransformerOptions(OptionalInt.empty(), 0.0, Activations::relu, true, false);

    public TransformerOptions withMlpDims(int mlpDims) {
        return new TransformerOptions(OptionalInt.of(mlpDims), dropout, activation, normFirst, checkpoint);
    }

    public TransformerOptions withDropout(double dropout) {
        return new TransformerOptions(mlpDims, dropout, activation, normFirst, checkpoint);
    }

    public TransformerOptions withActivation(Unary activation) {
        return new TransformerOptions(mlpDims, dropout, activation, normFirst, checkpoint);
    }

    public TransformerOptions withNormFirst(boolean normFirst) {
        return new TransformerOptions(mlpDims, dropout, activation, normFirst, checkpoint);
    }

    public TransformerOptions withCheckpoint(boolean checkpoint) {
        return new TransformerOptions(mlpDims, dropout, activation, normFirst, checkpoint);
    }
}
