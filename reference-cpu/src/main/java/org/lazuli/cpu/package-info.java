/// The backend in plain Java: the oracle of the conformance suite.
@NullMarked
package org.lazuli.cpu;

import org.jspecify.annotations.NullMarked;
