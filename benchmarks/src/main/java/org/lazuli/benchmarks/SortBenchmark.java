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

/// Sorting one long row of numbers, many short ones, and the columns of a matrix.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class SortBenchmark {
    private Array row;
    private Array integers;
    private Array matrix;

    @Param({"1000000"})
    public int elements;

    @Setup
    public void prepare() {
        row = Random.normal(Shape.of(elements)).eval();
        integers = row.mul(1e8).astype(DType.INT32).eval();
        matrix = row.reshape(-1, 1000).eval();
    }

    @Benchmark
    public Array sort() {
        return row.sort().eval();
    }

    @Benchmark
    public Array argsort() {
        return row.argsort().eval();
    }

    @Benchmark
    public Array sortIntegers() {
        return integers.sort().eval();
    }

    @Benchmark
    public Array sortRows() {
        return matrix.sort(1).eval();
    }

    @Benchmark
    public Array sortColumns() {
        return matrix.sort(0).eval();
    }

    @Benchmark
    public Array topTen() {
        return row.topk(10, 0).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends SortBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends SortBenchmark {}
}
