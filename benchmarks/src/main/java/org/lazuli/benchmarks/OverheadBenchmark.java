package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What an operation costs apart from its arithmetic: on arrays of four elements. All figures are per operation.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public abstract class OverheadBenchmark {
    private static final int CHAIN = 100;

    private final Array x = Ops.array(new float[] {1, 2, 3, 4});
    private final Array y = Ops.array(new float[] {5, 6, 7, 8});
    private final Array matrix = Ops.array(new float[][] {{0.5f, 0.1f}, {0.1f, 0.5f}});

    /// Makes a node of the graph, which nobody looks at.
    @Benchmark
    public Array build() {
        return x.add(y);
    }

    /// Makes a node and computes it.
    @Benchmark
    public Array buildAndEvaluate() {
        return x.add(y).eval();
    }

    /// One of a chain of elementwise operations that is computed at once, and fused.
    @Benchmark
    @OperationsPerInvocation(CHAIN)
    public Array chainOfElementwise() {
        Array z = x;
        for (int i = 0; i < CHAIN / 2; i++) {
            z = z.add(y).mul(x);
        }
        return z.eval();
    }

    /// One of a chain of matrix products, which cannot be fused.
    @Benchmark
    @OperationsPerInvocation(CHAIN)
    public Array chainOfMatmul() {
        Array z = matrix;
        for (int i = 0; i < CHAIN; i++) {
            z = z.matmul(matrix);
        }
        return z.eval();
    }

    /// Without the Vector API.
    @Fork(1)
    public static class Plain extends OverheadBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends OverheadBenchmark {}
}
