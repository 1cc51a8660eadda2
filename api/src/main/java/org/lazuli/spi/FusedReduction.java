package org.lazuli.spi;

import org.lazuli.DType;

/// Elementwise instructions and a reduction of what they give, in one pass over the inputs: the elements in between are not stored.
///
/// The result has the bits of the reduction alone on the chain's stored output. A backend that does not support a call gets its parts one after
/// the other.
///
/// @param chain has one output
/// @param reduce reduces axes of that output
public record FusedReduction(FusedElementwise chain, Primitive.Reduce reduce) implements Kernel {
    public FusedReduction {
        if (chain.outputs().size() != 1) {
            throw new IllegalArgumentException("a chain that is reduced has one output, not " + chain.outputs());
        }
        if (chain.outputs().get(0) < chain.inputs()) {
            throw new IllegalArgumentException("a chain that is reduced gives what it computes, not an input");
        }
    }

    /// The type of the elements that are reduced.
    public DType dtype() {
        return chain.instructions().get(chain.outputs().get(0) - chain.inputs()).dtype();
    }
}
