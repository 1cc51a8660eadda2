/// Benchmarks of TensorFlow for Java, whose graphs are built once and run in a session.
@NullMarked
package org.lazuli.benchmarks.peers.tensorflow;

import org.jspecify.annotations.NullMarked;
