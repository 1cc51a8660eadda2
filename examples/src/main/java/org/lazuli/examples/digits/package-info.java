/// Learns to read handwritten digits.
@NullMarked
package org.lazuli.examples.digits;

import org.jspecify.annotations.NullMarked;
