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

/// Elementwise operations, each next to the loop over `float[]` that one would write instead.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class ElementwiseBenchmark {
    /// The number of elements: one size that fits into the cache, and one that does not.
    @Param({"16384", "4194304"})
    public int size;

    private float[] a;
    private float[] b;
    private float[] c;
    private Array x;
    private Array y;
    private Array z;

    @Setup
    public void prepare() {
        a = values(1);
        b = values(2);
        c = values(3);
        x = Ops.array(a);
        y = Ops.array(b);
        z = Ops.array(c);
    }

    private float[] values(int seed) {
        var random = new java.util.Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    @Benchmark
    public Array add() {
        return x.add(y).eval();
    }

    @Benchmark
    public float[] addLoop() {
        float[] result = new float[size];
        for (int i = 0; i < result.length; i++) {
            result[i] = a[i] + b[i];
        }
        return result;
    }

    /// Four operations, fused into one pass.
    @Benchmark
    public Array chain() {
        return Ops.maximum(x.mul(y).add(z).sub(x), 0).eval();
    }

    @Benchmark
    public float[] chainLoop() {
        float[] result = new float[size];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.max(a[i] * b[i] + c[i] - a[i], 0);
        }
        return result;
    }

    @Benchmark
    public Array exp() {
        return x.exp().eval();
    }

    @Benchmark
    public float[] expLoop() {
        float[] result = new float[size];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) Math.exp(a[i]);
        }
        return result;
    }

    @Benchmark
    public double sum() {
        return x.sum().item();
    }

    @Benchmark
    public double sumLoop() {
        float total = 0;
        for (float value : a) {
            total += value;
        }
        return total;
    }

    /// Without the Vector API.
    @Fork(1)
    public static class Plain extends ElementwiseBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends ElementwiseBenchmark {}
}
