/// The suite that any backend runs.
@NullMarked
package org.lazuli.conformance;

import org.jspecify.annotations.NullMarked;
