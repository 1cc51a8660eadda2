/// Tests of einsum, products of chosen matrices and blocks, and transforms, against their definitions.
@NullMarked
package org.lazuli.conformance.products;

import org.jspecify.annotations.NullMarked;
