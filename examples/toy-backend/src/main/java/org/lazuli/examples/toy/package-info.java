/// A backend with a handful of kernels of its own, in the plainest Java there is: what the guide *Writing a backend* arrives at.
///
/// ```
/// mvn test -pl examples/toy-backend -am -Dtest=ToyConformanceTest -Dsurefire.failIfNoSpecifiedTests=false
/// ```
@NullMarked
package org.lazuli.examples.toy;

import org.jspecify.annotations.NullMarked;
