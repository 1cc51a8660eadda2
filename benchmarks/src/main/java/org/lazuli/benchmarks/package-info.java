/// JMH benchmarks.
@NullMarked
package org.lazuli.benchmarks;

import org.jspecify.annotations.NullMarked;
