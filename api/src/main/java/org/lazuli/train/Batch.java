package org.lazuli.train;

import org.lazuli.Array;

/// Examples with what should come out for them.
///
/// @param inputs what a model is given, shape `(count,…)`
/// @param targets what it should give, shape `(count,…)`
public record Batch(Array inputs, Array targets) {
    /// The same targets for other inputs: scaled, converted, augmented.
    public Batch withInputs(Array inputs) {
        return new Batch(inputs, targets);
    }
}
