package org.lazuli.spi;

/// A computation and elementwise instructions on what it gives, in one pass: its result is in the cache when they read it, and is not stored on its own.
///
/// The inputs are the operands of `first`, then those of the chain but its input 0, which is the result of `first`: its elements in row-major order,
/// seen with the shape of the chain's other inputs and of the output. The output has the bits of the two one after the other. A backend that does not
/// support a call gets its parts.
///
/// @param first a computation with one output, such as a convolution
/// @param operands the number of its inputs
/// @param chain has one output, with as many elements as the result of `first`
public record FusedEpilogue(Kernel first, int operands, FusedElementwise chain) implements Kernel {
    public FusedEpilogue {
        if (chain.outputs().size() != 1 || chain.outputs().get(0) < chain.inputs()) {
            throw new IllegalArgumentException("what follows a computation has one output that it computes: " + chain);
        }
    }
}
