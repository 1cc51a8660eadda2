package org.lazuli.benchmarks;

import static org.lazuli.Ops.eval;

import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Binary;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Optimizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One step of training a classifier of ten classes, with gradients, as users write it and compiled; which model, and on what, its subclasses
/// say.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class TrainingStep {
    private Sequential model;
    private Optimizer optimizer;
    private BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private Binary compiled;
    private Array images;
    private Array labels;

    protected abstract Sequential model();

    protected abstract Optimizer optimizer();

    /// The shape of a batch.
    protected abstract Shape batch();

    @Setup
    public void prepare() {
        Random.seed(0);
        model = model();
        optimizer = optimizer();
        lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        compiled = Transforms.compile(this::step, model, optimizer);
        images = Random.uniform(batch());
        labels = Random.randint(0, 10, Shape.of(batch().dim(0)));
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
}
