package org.lazuli.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Fast;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Softmax and layer norm over 4096 rows of 1024, and the gradients of the latter by everything.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class NormalizationBenchmark {
    private Array x;
    private Array weight;
    private Array bias;
    private Array cotangent;

    @Setup
    public void prepare() {
        Random.seed(0);
        Shape shape = Shape.of(4096, 1024);
        x = Random.normal(shape);
        weight = Random.normal(Shape.of(1024));
        bias = Random.normal(Shape.of(1024));
        cotangent = Random.normal(shape);
        Ops.eval(x, weight, bias, cotangent);
    }

    @Benchmark
    public Array softmax() {
        return x.softmax(-1).eval();
    }

    /// The result is let go at once, and the next one has its memory.
    @Benchmark
    public Array softmaxInScope() {
        try (var _ = Memory.scope()) {
            return softmax();
        }
    }

    @Benchmark
    public Array layerNorm() {
        return Fast.layerNorm(x, weight, bias, 1e-5).eval();
    }

    @Benchmark
    public Array layerNormInScope() {
        try (var _ = Memory.scope()) {
            return layerNorm();
        }
    }

    @Benchmark
    public List<Array> layerNormForwardAndBackward() {
        Transforms.Derivatives result = Transforms.vjp(
                in -> List.of(Fast.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5)),
                List.of(x, weight, bias),
                List.of(cotangent));
        List<Array> all = new ArrayList<>(result.outputs());
        all.addAll(result.derivatives());
        Ops.eval(all);
        return all;
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends NormalizationBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends NormalizationBenchmark {}
}
