package org.lazuli.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What a pass over the training data has brought.
///
/// @param number counts from 1
/// @param metrics `loss`, the mean loss of the training examples while they were learned from, and what was measured
///     on validation data after it, each name with `validation/` before it
public record Epoch(int number, SequencedMap<String, Double> metrics) {
    public Epoch {
        metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    }

    /// The mean loss of the training examples.
    public double loss() {
        return metric("loss");
    }

    /// One of the metrics.
    ///
    /// @throws IllegalArgumentException if there is none of this name; the message has those there are
    public double metric(String name) {
        Double value = metrics.get(name);
        if (value == null) {
            throw new IllegalArgumentException("epoch " + number + ": there is no metric '" + name + "', only "
                    + metrics.keySet() + ": give it to Trainer.validate, whose metrics begin with 'validation/'");
        }
        return value;
    }
}
