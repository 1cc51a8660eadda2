package org.lazuli.benchmarks;

import static org.lazuli.Ops.eval;

import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.Nn;
import org.lazuli.nn.TransformerEncoderLayer;
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

/// The layer of a transformer's encoder, forward and backward by its parameters and its input: a batch of 8 sequences of 128, with 256 features, 4 heads, and
/// 1024 features inside.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class TransformerLayerBenchmark {
    private TransformerEncoderLayer layer;
    private BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private Array x;
    private Array weights;

    @Setup
    public void prepare() {
        Random.seed(0);
        layer = Models.encoderLayer();
        lossAndGrad = Nn.valueAndGrad(
                layer, (in, w) -> layer.apply(in, AttentionMask.NONE).mul(w).sum());
        x = Random.normal(Shape.of(8, 128, 256));
        weights = Random.normal(Shape.of(8, 128, 256));
        eval(layer, x, weights);
    }

    @Benchmark
    public Nn.Step forwardAndBackward() {
        Nn.Step step = lossAndGrad.apply(x, weights);
        eval(step.value(), step.grads());
        return step;
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends TransformerLayerBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends TransformerLayerBenchmark {}
}
