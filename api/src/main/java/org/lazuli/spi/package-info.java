/// What a backend implements, and what it is asked to run.
///
/// A backend is a [org.lazuli.spi.BackendProvider], registered with `provides org.lazuli.spi.BackendProvider with …`, that opens a
/// [org.lazuli.spi.Backend]. The runtime hands it [org.lazuli.spi.Kernel]s: instructions of [org.lazuli.spi.Primitive], or several elementwise ones
/// fused, on strided [org.lazuli.spi.Tensor]s. Layout changes never arrive: the runtime answers those with strides. Nor do gradients: those
/// are ordinary graphs by the time they run. A kernel that [org.lazuli.spi.Backend#supports] refuses runs on the reference backend.
@NullMarked
package org.lazuli.spi;

import org.jspecify.annotations.NullMarked;
