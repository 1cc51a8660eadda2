/// The program that whoever has a Mac runs: see [org.lazuli.metal.mac.MacCheck].
@NullMarked
package org.lazuli.metal.mac;

import org.jspecify.annotations.NullMarked;
