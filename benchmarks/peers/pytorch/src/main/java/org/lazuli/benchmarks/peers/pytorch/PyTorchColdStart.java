package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import org.lazuli.benchmarks.ColdProcess;

/// A program that multiplies two matrices of 256 x 256, prints the sum of the product, and ends.
public final class PyTorchColdStart {
    private PyTorchColdStart() {}

    public static void main(String... args) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.randomUniform(0, 1, new Shape(256, 256));
            System.out.println(x.matMul(x).sum().getFloat());
        }
        ColdProcess.printPeak();
    }
}
