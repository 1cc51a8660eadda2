package org.lazuli.spi;

/// What a backend is asked to run: an instruction with elements to compute, several elementwise ones fused, with a reduction behind them if it likes, or a
/// computation that it has a kernel of its own for.
///
/// Transformations work on [Primitive]s and cannot see a fused kernel; a backend sees kernels and never a gradient.
public sealed interface Kernel permits Primitive.Compute, FusedElementwise, FusedReduction, Accelerated {}
