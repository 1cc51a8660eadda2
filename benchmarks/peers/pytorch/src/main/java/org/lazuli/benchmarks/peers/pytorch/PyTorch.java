package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.lazuli.benchmarks.peers.Values;

/// How the benchmarks set DJL up.
final class PyTorch {
    /// As many threads as lazuli has on the machine that the figures are of.
    static final String THREADS = "-Dai.djl.pytorch.num_threads=2";

    /// The native library comes from the jar on the class path, never from the network.
    static final String OFFLINE = "-Dai.djl.offline=true";

    private PyTorch() {}

    static NDArray array(NDManager manager, Values values) {
        return manager.create(values.data(), new Shape(values.shape()));
    }
}
