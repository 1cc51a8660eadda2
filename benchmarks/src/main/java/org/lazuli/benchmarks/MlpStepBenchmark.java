package org.lazuli.benchmarks;

import org.lazuli.Shape;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/// One step of training: a perceptron with layers of 784, 256, 256 and 10 values on a batch of 256 images, with gradients, moved by [Sgd]
/// or [Adam].
@SuppressWarnings("NullAway.Init") // by JMH
public abstract class MlpStepBenchmark extends TrainingStep {
    @Param({"sgd", "adam"})
    public String optimization;

    @Override
    protected Sequential model() {
        return Models.perceptron();
    }

    @Override
    protected Optimizer optimizer() {
        return optimization.equals("adam") ? new Adam(1e-3) : new Sgd(0.1);
    }

    @Override
    protected Shape batch() {
        return Shape.of(256, 784);
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
