/// Programs of a page each, that learn something and say what to expect: `mvn -q -P example -Dexample=NAME`.
///
/// The file `examples/README.md` has what they print.
@NullMarked
package org.lazuli.examples;

import org.jspecify.annotations.NullMarked;
