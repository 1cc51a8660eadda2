package org.lazuli.spi;

/// What a backend is asked to run: an instruction with elements to compute, or several elementwise ones fused.
///
/// Transformations work on [Primitive]s and cannot see a fused kernel; a backend sees kernels and never a gradient.
public sealed interface Kernel permits Primitive.Compute, FusedElementwise {}
