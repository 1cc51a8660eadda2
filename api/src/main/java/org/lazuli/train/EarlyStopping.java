package org.lazuli.train;

import java.util.List;
import java.util.function.Predicate;

/// Stops when a metric has not become better for some epochs.
///
/// It looks at the history alone and remembers nothing, so a run that goes on from a checkpoint stops where one that was
/// left alone does.
///
/// ```java
/// trainer.stopWhen(EarlyStopping.on("validation/loss").withPatience(3));
/// trainer.stopWhen(EarlyStopping.on("validation/accuracy").larger().withMinDelta(0.001));
/// ```
///
/// @param metric the name of what is watched
/// @param patience after how many epochs in a row without improvement to stop
/// @param minDelta by how much an epoch must be better than the best before it to count as an improvement
/// @param smallerIsBetter whether small values are good ones
public record EarlyStopping(String metric, int patience, double minDelta, boolean smallerIsBetter)
        implements Predicate<List<Epoch>> {

    /// @throws IllegalArgumentException if the patience is not positive, or the difference is negative
    public EarlyStopping {
        if (patience < 1 || !(minDelta >= 0)) {
            throw new IllegalArgumentException("EarlyStopping: the patience must be at least 1 and the difference at"
                    + " least 0, not " + patience + " and " + minDelta);
        }
    }

    /// Watches a metric that should become small, with a patience of one epoch.
    public static EarlyStopping on(String metric) {
        return new EarlyStopping(metric, 1, 0, true);
    }

    /// For a metric that should become large.
    public EarlyStopping larger() {
        return new EarlyStopping(metric, patience, minDelta, false);
    }

    public EarlyStopping withPatience(int patience) {
        return new EarlyStopping(metric, patience, minDelta, smallerIsBetter);
    }

    public EarlyStopping withMinDelta(double minDelta) {
        return new EarlyStopping(metric, patience, minDelta, smallerIsBetter);
    }

    /// Whether to stop after these epochs. An epoch whose metric is NaN is no improvement.
    ///
    /// @throws IllegalArgumentException if an epoch does not have the metric
    @Override
    public boolean test(List<Epoch> history) {
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        for (Epoch epoch : history) {
            double value = smallerIsBetter ? epoch.metric(metric) : -epoch.metric(metric);
            if (value < best - minDelta) {
                best = value;
                since = 0;
            } else {
                since++;
            }
        }
        return since >= patience;
    }
}
