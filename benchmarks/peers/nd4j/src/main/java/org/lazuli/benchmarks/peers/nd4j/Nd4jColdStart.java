package org.lazuli.benchmarks.peers.nd4j;

import java.io.IOException;
import org.lazuli.benchmarks.ColdProcess;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// A program that multiplies two matrices of 256 x 256, prints the sum of the product, and ends.
public final class Nd4jColdStart {
    private Nd4jColdStart() {}

    public static void main(String... args) throws IOException {
        INDArray x = Nd4j.rand(DataType.FLOAT, 256, 256);
        System.out.println(x.mmul(x).sumNumber());
        ColdProcess.printPeak();
    }
}
