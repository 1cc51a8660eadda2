/// What the reference gets wrong, crashes on or hangs on, row by row: here it is right, by differences, loops and definitions.
@NullMarked
package org.lazuli.conformance.oddities;

import org.jspecify.annotations.NullMarked;
