package org.lazuli;

/// How freely a compiler may change the arithmetic of a kernel that a user has written.
///
/// See also: `MTLMathMode` in Apple's documentation of Metal; MLX, `fast.metal_kernel`, `compile_options`.
public enum MathMode {
    /// As IEEE 754 says, with NaN, infinities and signed zeros.
    SAFE,
    /// Sums and products in another order; NaN and infinities stay what they are. Where the system has no such mode, [#SAFE].
    RELAXED,
    /// As if there were no NaN, no infinities and no signed zeros.
    FAST
}
