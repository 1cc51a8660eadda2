package org.lazuli.benchmarks;

import org.lazuli.Shape;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;
import org.openjdk.jmh.annotations.Fork;

/// One step of training: a network of two convolutions by 3 x 3, of 32 and 64 channels, each followed by pooling, and a linear layer, on a batch of 64
/// images of 28 x 28, moved by [Sgd].
public abstract class ConvNetStepBenchmark extends TrainingStep {
    @Override
    protected Sequential model() {
        return Models.convNet();
    }

    @Override
    protected Optimizer optimizer() {
        return new Sgd(0.1);
    }

    @Override
    protected Shape batch() {
        return Shape.of(64, 28, 28, 1);
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends ConvNetStepBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends ConvNetStepBenchmark {}
}
