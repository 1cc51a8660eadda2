package org.lazuli.benchmarks;

import static org.lazuli.Ops.eval;

import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Binary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;
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

/// One step of training: a perceptron with layers of 784, 256, 256 and 10 values on a batch of 256 images, with gradients, moved by [Sgd]
/// or [Adam].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class MlpStepBenchmark {
    private static final int BATCH = 256;

    @Param({"sgd", "adam"})
    public String optimization;

    private Sequential model;
    private Optimizer optimizer;
    private BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private Binary compiled;
    private Array images;
    private Array labels;

    @Setup
    public void prepare() {
        Random.seed(0);
        model = new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 256), new ReLU(), new Linear(256, 10));
        optimizer = optimization.equals("adam") ? new Adam(1e-3) : new Sgd(0.1);
        lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        compiled = Transforms.compile(this::step, model, optimizer);
        images = Random.uniform(Shape.of(BATCH, 784));
        labels = Random.randint(0, 10, Shape.of(BATCH));
        eval(model, images, labels);
    }

    private Array step(Array x, Array y) {
        Nn.Step step = lossAndGrad.apply(x, y);
        optimizer.update(model, step.grads());
        return step.value();
    }

    /// The step as one writes it.
    @Benchmark
    public Array eager() {
        Array loss = step(images, labels);
        eval(loss, model, optimizer);
        return loss;
    }

    /// The step traced once by `compile` and replayed.
    @Benchmark
    public Array compiled() {
        Array loss = compiled.apply(images, labels);
        eval(loss, model, optimizer);
        return loss;
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends MlpStepBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends MlpStepBenchmark {}
}
