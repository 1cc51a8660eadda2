package org.lazuli.benchmarks.peers.onnxruntime;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Softmax and layer norm, as in `NormalizationBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class OnnxRuntimeNormalization {
    private OnnxRunner softmax;
    private OnnxRunner layerNorm;

    @Setup
    public void prepare() throws OrtException {
        Kernels.Rows rows = Kernels.Rows.create();
        long[] shape = rows.x().shape();
        softmax = new OnnxRunner(new OnnxModel()
                        .input("x", shape)
                        .node("Softmax", List.of("x"), "y", OnnxModel.attribute("axis", -1L))
                        .output("y", shape))
                .with("x", rows.x());
        layerNorm = new OnnxRunner(new OnnxModel()
                        .input("x", shape)
                        .input("weight", rows.weight().shape())
                        .input("bias", rows.bias().shape())
                        .node(
                                "LayerNormalization",
                                List.of("x", "weight", "bias"),
                                "y",
                                OnnxModel.attribute("axis", -1L),
                                OnnxModel.attribute("epsilon", (float) Kernels.Rows.EPS))
                        .output("y", shape))
                .with("x", rows.x())
                .with("weight", rows.weight())
                .with("bias", rows.bias());
        rows.checkSoftmax(softmax.floats());
        rows.checkLayerNorm(layerNorm.floats());
    }

    @Benchmark
    public int softmax() throws OrtException {
        return softmax.compute();
    }

    @Benchmark
    public int layerNorm() throws OrtException {
        return layerNorm.compute();
    }
}
