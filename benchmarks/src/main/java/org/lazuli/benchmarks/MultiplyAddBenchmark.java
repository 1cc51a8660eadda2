package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Ternary;
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

/// `a * b + c`, two operations and one evaluation, from sizes where only the overhead counts to those where only memory does.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class MultiplyAddBenchmark {
    @Param({"10", "100", "1000", "10000", "100000", "1000000", "10000000"})
    public int size;

    private Array a;
    private Array b;
    private Array c;
    private Ternary compiled;

    @Setup
    public void prepare() {
        Random.seed(0);
        a = Random.uniform(Shape.of(size));
        b = Random.uniform(Shape.of(size));
        c = Random.uniform(Shape.of(size));
        Ops.eval(a, b, c);
        compiled = Transforms.compile((Ternary) (x, y, z) -> x.mul(y).add(z));
    }

    @Benchmark
    public Array eager() {
        return a.mul(b).add(c).eval();
    }

    /// The result is let go at once, and the next one has its memory.
    @Benchmark
    public Array eagerInScope() {
        try (var _ = Memory.scope()) {
            return a.mul(b).add(c).eval();
        }
    }

    @Benchmark
    public Array compiled() {
        return compiled.apply(a, b, c).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends MultiplyAddBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends MultiplyAddBenchmark {}
}
