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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Random bits, and numbers of some distributions made of them.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public abstract class RandomBenchmark {
    @Param({"1000", "1000000"})
    public int elements;

    @Benchmark
    public Array bits() {
        return Random.bits(Shape.of(elements), 4, null).eval();
    }

    @Benchmark
    public Array uniform() {
        return Random.uniform(Shape.of(elements)).eval();
    }

    @Benchmark
    public Array normal() {
        return Random.normal(Shape.of(elements)).eval();
    }

    @Benchmark
    public Array bernoulli() {
        return Random.bernoulli(Shape.of(elements)).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends RandomBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends RandomBenchmark {}
}
