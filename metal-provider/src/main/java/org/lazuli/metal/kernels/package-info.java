/// The kernels in Metal's shading language, by family, and what they are encoded with.
///
/// A [org.lazuli.metal.kernels.KernelFamily] answers for some instructions: it says which operand types it takes, and encodes one call as one or
/// more dispatches through [org.lazuli.metal.kernels.Commands]. Sources are written in a subset of MSL 3.1 that a compiler other than Apple's can
/// check: an address space on every pointer, no `double`, no recursion, no `?:` on vectors.
@NullMarked
package org.lazuli.metal.kernels;

import org.jspecify.annotations.NullMarked;
