package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Random;
import org.lazuli.Shape;
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

/// The product of two square matrices of doubles, and with a transposed one.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class DoubleMatmulBenchmark {
    @Param({"64", "512", "1024"})
    public int n;

    private Array a;
    private Array b;

    @Setup
    public void prepare() {
        a = Random.normal(Shape.of(n, n)).astype(DType.FLOAT64).eval();
        b = Random.normal(Shape.of(n, n)).astype(DType.FLOAT64).eval();
    }

    @Benchmark
    public Array matmul() {
        return a.matmul(b).eval();
    }

    @Benchmark
    public Array matmulTransposed() {
        return a.matmul(b.transpose()).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends DoubleMatmulBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends DoubleMatmulBenchmark {}
}
