package org.lazuli;

/// Which keys each query of [Fast#scaledDotProductAttention(Array, Array, Array, double, AttentionMask)] sees.
public sealed interface AttentionMask {
    /// Every query sees every key.
    AttentionMask NONE = new None();

    /// The last query sees all keys, and each one before it a key less.
    AttentionMask CAUSAL = new Causal();

    record None() implements AttentionMask {}

    record Causal() implements AttentionMask {}

    /// @param array of a shape that broadcasts to (B,heads,queries,keys): bool, true where a query sees a key, or of a type that is added
    ///     to the scores
    record Values(Array array) implements AttentionMask {}

    /// The mask that an array holds.
    ///
    /// @param array of a shape that broadcasts to (B,heads,queries,keys): bool, true where a query sees a key, or of a floating point type,
    ///     to be added to the scaled products of queries and keys
    static AttentionMask of(Array array) {
        return new Values(array);
    }
}
