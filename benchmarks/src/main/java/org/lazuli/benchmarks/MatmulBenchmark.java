package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Ops;
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

/// The product of two square matrices, next to the three loops that one would write instead.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class MatmulBenchmark {
    @Param({"64", "512"})
    public int n;

    private float[] a;
    private float[] b;
    private Array x;
    private Array y;

    @Setup
    public void prepare() {
        a = values(1);
        b = values(2);
        x = Ops.array(a).reshape(n, n);
        y = Ops.array(b).reshape(n, n);
        Ops.eval(x, y);
    }

    private float[] values(int seed) {
        var random = new java.util.Random(seed);
        float[] values = new float[n * n];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    @Benchmark
    public Array matmul() {
        return x.matmul(y).eval();
    }

    /// In the order that reads and writes whole rows, which the compiler can vectorise.
    @Benchmark
    public float[] matmulLoop() {
        float[] result = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                float factor = a[i * n + k];
                for (int j = 0; j < n; j++) {
                    result[i * n + j] += factor * b[k * n + j];
                }
            }
        }
        return result;
    }

    /// Without the Vector API.
    @Fork(1)
    public static class Plain extends MatmulBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends MatmulBenchmark {}
}
