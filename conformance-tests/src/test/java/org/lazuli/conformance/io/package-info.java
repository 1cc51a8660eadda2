/// Files of arrays: what was saved comes back, and what is damaged is refused.
@NullMarked
package org.lazuli.conformance.io;

import org.jspecify.annotations.NullMarked;
