/// What goes in and what comes out: values on their way from Java and back, and input that is refused with an error that helps.
@NullMarked
package org.lazuli.conformance.input;

import org.jspecify.annotations.NullMarked;
