package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
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

/// Sums and maxima of a square matrix, along either axis and of everything, with a growing number of elements.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class ReductionBenchmark {
    /// The sides of the square.
    @Param({"8", "32", "128", "512", "2048"})
    public int size;

    private Array x;

    @Setup
    public void prepare() {
        x = Random.uniform(Shape.of(size, size)).eval();
    }

    @Benchmark
    public Array sum() {
        return x.sum().eval();
    }

    @Benchmark
    public Array rowSums() {
        return x.sum(1).eval();
    }

    @Benchmark
    public Array columnSums() {
        return x.sum(0).eval();
    }

    @Benchmark
    public Array columnMaxima() {
        return x.max(0).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends ReductionBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends ReductionBenchmark {}
}
