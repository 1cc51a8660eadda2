/// Reading and updating parts of arrays: values, masks, and every way to be out of bounds.
@NullMarked
package org.lazuli.conformance.indexing;

import org.jspecify.annotations.NullMarked;
