/// Benchmarks of ONNX Runtime, which runs models and trains none: single operations.
@NullMarked
package org.lazuli.benchmarks.peers.onnxruntime;

import org.jspecify.annotations.NullMarked;
