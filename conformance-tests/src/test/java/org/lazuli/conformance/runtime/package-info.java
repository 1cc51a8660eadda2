/// What evaluation does besides computing the right values: order and number of kernels, lifetimes of buffers, limits, errors, threads, and the choice of
/// a backend.
@NullMarked
package org.lazuli.conformance.runtime;

import org.jspecify.annotations.NullMarked;
