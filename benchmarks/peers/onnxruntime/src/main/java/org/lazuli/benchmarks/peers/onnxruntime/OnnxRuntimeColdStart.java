package org.lazuli.benchmarks.peers.onnxruntime;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.List;
import org.lazuli.benchmarks.ColdProcess;
import org.lazuli.benchmarks.peers.Values;

/// A program that multiplies two matrices of 256 x 256, prints the first element of the product, and ends.
public final class OnnxRuntimeColdStart {
    private OnnxRuntimeColdStart() {}

    public static void main(String... args) throws IOException, OrtException {
        OnnxModel model = new OnnxModel()
                .input("x", 256, 256)
                .node("MatMul", List.of("x", "x"), "product")
                .output("product", 256, 256);
        System.out.println(
                new OnnxRunner(model).with("x", Values.uniform(1, 256, 256)).floats()[0]);
        ColdProcess.printPeak();
    }
}
