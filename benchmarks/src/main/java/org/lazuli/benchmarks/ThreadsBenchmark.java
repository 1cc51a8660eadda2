package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Ops;
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

/// The same work by one thread and by two.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class ThreadsBenchmark {
    @Param({"1", "2"})
    public int threads;

    private Array matrix;
    private Array vector;

    /// The number of threads is read when the backend starts, and every value of a parameter has processes of its own.
    @Setup
    public void prepare() {
        System.setProperty("lazuli.cpu.threads", Integer.toString(threads));
        Random.seed(0);
        matrix = Random.uniform(Shape.of(1024, 1024));
        vector = Random.uniform(Shape.of(1 << 20));
        Ops.eval(matrix, vector);
    }

    @Benchmark
    public Array matmul() {
        return matrix.matmul(matrix).eval();
    }

    @Benchmark
    public Array softmax() {
        return matrix.softmax(-1).eval();
    }

    @Benchmark
    public Array exp() {
        return vector.exp().eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends ThreadsBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends ThreadsBenchmark {}
}
