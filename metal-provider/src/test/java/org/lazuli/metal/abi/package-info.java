/// Static tests of what is sent to Apple's frameworks: that every selector exists for its class and is called as it is
/// declared, that constants have their values, that what is owned is what the declarations say, and that each shape of call
/// puts its arguments where macOS on arm64 expects them.
///
/// None of them needs a Mac or the simulated device: the declarations are data (see `README.md` among the resources), and the
/// JDK on any machine can say how it would make a call on macOS.
package org.lazuli.metal.abi;
