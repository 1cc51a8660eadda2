package org.lazuli.train;

import org.lazuli.Array;

/// What to measure of a model besides its loss.
public final class Metrics {
    private Metrics() {}

    /// Whether the highest score is that of the right class, for each example: the mean is the accuracy.
    ///
    /// @param scores shape `(…,classes)`
    /// @param labels the numbers of the right classes, shape `(…)`
    /// @return bool of the labels' shape
    /// @throws IllegalArgumentException if the shapes do not belong together
    public static Array accuracy(Array scores, Array labels) {
        if (scores.ndim() == 0 || !scores.shape().remove(scores.ndim() - 1).equals(labels.shape())) {
            throw new IllegalArgumentException("accuracy: scores have a last axis of classes more than labels, but the"
                    + " shapes are " + scores.shape() + " and " + labels.shape());
        }
        return scores.argmax(-1).eq(labels);
    }
}
