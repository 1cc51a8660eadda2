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

/// `a * b + c`, as in `MultiplyAddBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class OnnxRuntimeMultiplyAdd {
    @Param({"1000", "10000000"})
    public int size;

    private OnnxRunner runner;

    @Setup
    public void prepare() throws OrtException {
        Kernels.MultiplyAdd values = Kernels.MultiplyAdd.of(size);
        runner = new OnnxRunner(new OnnxModel()
                        .input("a", size)
                        .input("b", size)
                        .input("c", size)
                        .node("Mul", List.of("a", "b"), "product")
                        .node("Add", List.of("product", "c"), "sum")
                        .output("sum", size))
                .with("a", values.a())
                .with("b", values.b())
                .with("c", values.c());
        values.check(runner.floats());
    }

    @Benchmark
    public int graph() throws OrtException {
        return runner.compute();
    }
}
