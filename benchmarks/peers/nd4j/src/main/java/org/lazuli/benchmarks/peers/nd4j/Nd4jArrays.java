package org.lazuli.benchmarks.peers.nd4j;

import org.lazuli.benchmarks.peers.Values;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// How the benchmarks make arrays of ND4J, in row order, with two threads.
final class Nd4jArrays {
    private Nd4jArrays() {}

    static INDArray array(Values values) {
        Nd4j.getEnvironment().setMaxMasterThreads(2);
        return Nd4j.create(values.data(), values.shape(), DataType.FLOAT);
    }

    /// In row order, whatever the order of the array.
    static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
