/// The Metal backend: the GPUs of Apple silicon, called from Java without native code of our own.
///
/// Add the dependency `org.lazuli:lazuli-metal-provider`, run with `--enable-native-access=org.lazuli.metal` (`ALL-UNNAMED` on the class
/// path), and it is used where there is a Metal device: macOS on Apple silicon. Elsewhere it is *not available*, and says so when it is asked for by
/// name:
///
/// {@snippet lang=java :
/// System.out.println(Backends.all());
/// }
///
/// Kernels are compiled at their first use and encoded as they come; the device runs them while the program goes on. What Metal lacks, float64
/// above all, runs on the reference backend, visibly.
///
/// The system property `lazuli.metal.library` names a library to use in place of the system's Metal: a simulated device, for tests. The backend's
/// device then says that it is simulated.
@NullMarked
package org.lazuli.metal;

import org.jspecify.annotations.NullMarked;
