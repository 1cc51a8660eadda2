package org.lazuli.nn;

/// How a linear layer is divided among ranks.
///
/// See also: MLX, *shard_linear*.
public enum Sharding {
    /// Outputs are divided: every rank has the whole input and computes a part of the output.
    ALL_TO_SHARDED,
    /// Inputs are divided: every rank has a part of the input, and the sum of what they compute is the output of all.
    SHARDED_TO_ALL
}
