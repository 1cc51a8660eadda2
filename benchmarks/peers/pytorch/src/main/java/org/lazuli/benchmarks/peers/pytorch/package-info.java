/// Benchmarks of DJL with its engine PyTorch.
@NullMarked
package org.lazuli.benchmarks.peers.pytorch;

import org.jspecify.annotations.NullMarked;
