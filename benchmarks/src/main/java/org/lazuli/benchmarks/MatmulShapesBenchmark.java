package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Memory;
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

/// Matrix products of the shapes that matter: small, square and growing, and narrow. `shape` is rows x columns x depth.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class MatmulShapesBenchmark {
    @Param({
        "16x16x16",
        "32x32x32",
        "64x64x64",
        "128x128x128",
        "256x256x256",
        "512x512x512",
        "1024x1024x1024",
        "2048x2048x2048",
        "256x10x256",
        "256x256x784",
        "1x1024x1024",
        "1024x1x1024",
        "8x1024x1024"
    })
    public String shape;

    private Array x;
    private Array y;
    private Array transposed;

    @Setup
    public void prepare() {
        Random.seed(0);
        String[] sizes = shape.split("x", -1);
        int n = Integer.parseInt(sizes[0]);
        int m = Integer.parseInt(sizes[1]);
        int k = Integer.parseInt(sizes[2]);
        x = Random.uniform(Shape.of(n, k));
        y = Random.uniform(Shape.of(k, m));
        transposed = Random.uniform(Shape.of(m, k));
        Ops.eval(x, y, transposed);
    }

    @Benchmark
    public Array matmul() {
        return x.matmul(y).eval();
    }

    /// The result is let go at once, and the next one has its memory, which is still in the cache.
    @Benchmark
    public Array matmulInScope() {
        try (var _ = Memory.scope()) {
            return matmul();
        }
    }

    /// The right operand is a transposed view.
    @Benchmark
    public Array transposed() {
        return x.matmul(transposed.transpose()).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends MatmulShapesBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends MatmulShapesBenchmark {}
}
