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

/// Running sums and their like along the rows and the columns of a square matrix.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class ScanBenchmark {
    /// The sides of the square.
    @Param({"128", "1024"})
    public int size;

    private Array x;

    @Setup
    public void prepare() {
        x = Random.normal(Shape.of(size, size)).eval();
    }

    @Benchmark
    public Array sumsOfRows() {
        return x.cumsum(1).eval();
    }

    @Benchmark
    public Array sumsOfColumns() {
        return x.cumsum(0).eval();
    }

    @Benchmark
    public Array maximaOfRows() {
        return x.cummax(1).eval();
    }

    @Benchmark
    public Array logarithmsOfRows() {
        return x.logcumsumexp(1).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends ScanBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends ScanBenchmark {}
}
