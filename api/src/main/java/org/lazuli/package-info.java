/// Lazy arrays and composable transformations of functions on them.
@NullMarked
package org.lazuli;

import org.jspecify.annotations.NullMarked;
