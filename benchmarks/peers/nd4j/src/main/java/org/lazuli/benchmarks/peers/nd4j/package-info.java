/// Benchmarks of ND4J with its native backend: single operations.
@NullMarked
package org.lazuli.benchmarks.peers.nd4j;

import org.jspecify.annotations.NullMarked;
