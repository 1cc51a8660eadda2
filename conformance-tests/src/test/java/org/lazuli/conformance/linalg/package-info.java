/// Tests of linear algebra through the public interface.
@NullMarked
package org.lazuli.conformance.linalg;

import org.jspecify.annotations.NullMarked;
