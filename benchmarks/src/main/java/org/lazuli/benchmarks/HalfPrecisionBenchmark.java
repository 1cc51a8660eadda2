package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
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

/// Half precision beside float32. Elements are computed in float32, so converting them is what it takes more, and half of the memory's time is what it saves.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class HalfPrecisionBenchmark {
    private static final int COLUMNS = 256;

    @Param({"FLOAT32", "FLOAT16", "BFLOAT16"})
    public DType dtype;

    /// The number of elements: one size that fits into the cache, and one that does not.
    @Param({"65536", "4194304"})
    public int size;

    private Array x;
    private Array y;

    @Setup
    public void prepare() {
        Shape shape = Shape.of(size / COLUMNS, COLUMNS);
        x = Random.normal(shape, Random.key(1)).astype(dtype).eval();
        y = Random.normal(shape, Random.key(2)).astype(dtype).eval();
    }

    @Benchmark
    public Array add() {
        try (var _ = Memory.scope()) {
            return x.add(y).eval();
        }
    }

    @Benchmark
    public Array softmax() {
        try (var _ = Memory.scope()) {
            return x.softmax(-1).eval();
        }
    }

    /// Without the Vector API.
    @Fork(1)
    public static class Plain extends HalfPrecisionBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends HalfPrecisionBenchmark {}
}
