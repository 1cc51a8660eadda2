package org.lazuli.train;

/// Where a training run is.
///
/// @param epoch the number of the epoch, from 1
/// @param epochs the number of epochs in the run
/// @param step the number of batches of this epoch that were learned from
/// @param steps the number of batches in an epoch
/// @param loss the mean loss of the last batch; NaN before the first
/// @param meanLoss the mean loss of this epoch's examples so far; NaN before the first
public record Progress(int epoch, int epochs, int step, int steps, double loss, double meanLoss) {
    /// The number of batches in all epochs up to here.
    public long totalSteps() {
        return (epoch - 1L) * steps + step;
    }
}
