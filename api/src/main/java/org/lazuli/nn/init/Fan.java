package org.lazuli.nn.init;

import org.lazuli.Array;

/// The number of inputs or outputs of each unit of a layer, by which the size of its weights is chosen.
///
/// A weight has the outputs along its first axis, the inputs along its last, and any axes between them are a kernel's.
public enum Fan {
    /// The inputs of a unit: keeps the variance of what flows forward.
    IN,
    /// The outputs of a unit: keeps the variance of the gradients that flow back.
    OUT;

    int of(Array weight) {
        if (weight.ndim() < 2) {
            throw new IllegalArgumentException("initializer: a weight of shape " + weight.shape()
                    + " has no inputs and outputs: Glorot and He initialization need at least 2 axes");
        }
        int size = this == IN ? weight.dim(-1) : weight.dim(0);
        for (int axis = 1; axis < weight.ndim() - 1; axis++) {
            size *= weight.dim(axis);
        }
        return size;
    }
}
