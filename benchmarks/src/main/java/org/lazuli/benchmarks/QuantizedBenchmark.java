package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
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

/// One row times a square matrix, as the generation of a token does it for every layer: quantized, and in float32. The time is that of reading the
/// matrix once.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // by create()
public abstract class QuantizedBenchmark {
    @Param({"1024", "4096"})
    public int size;

    @Param({"4", "8"})
    public int bits;

    private Array x;
    private Array weight;
    private Quantized quantized;

    @Setup
    public void create() {
        x = Random.normal(Shape.of(1, size));
        weight = Random.normal(Shape.of(size, size));
        quantized = Ops.quantize(weight, Quantization.AFFINE.withBits(bits));
        Ops.eval(x, weight, quantized);
    }

    @Benchmark
    public Array quantized() {
        return Ops.quantizedMatmul(x, quantized).eval();
    }

    @Benchmark
    public Array float32() {
        return x.matmul(weight.transpose()).eval();
    }

    /// Without the Vector API.
    @Fork(1)
    public static class Plain extends QuantizedBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends QuantizedBenchmark {}
}
