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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Matrix products, as in `MatmulShapesBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class OnnxRuntimeMatmulShapes {
    @Param({"64x64x64", "128x128x128", "256x10x256", "1024x1024x1024", "2048x2048x2048"})
    public String shape;

    private OnnxRunner runner;

    @Setup
    public void prepare() throws OrtException {
        Kernels.Product values = Kernels.Product.of(shape);
        runner = new OnnxRunner(new OnnxModel()
                        .input("x", values.x().shape())
                        .input("y", values.y().shape())
                        .node("MatMul", List.of("x", "y"), "product")
                        .output("product", values.x().shape()[0], values.y().shape()[1]))
                .with("x", values.x())
                .with("y", values.y());
        values.check(runner.floats());
    }

    @Benchmark
    public int matmul() throws OrtException {
        return runner.compute();
    }
}
