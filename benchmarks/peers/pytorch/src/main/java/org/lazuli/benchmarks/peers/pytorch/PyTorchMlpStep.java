package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Training;
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

/// A step of training a perceptron, as in `MlpStepBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchMlpStep {
    @Param({"sgd", "adam"})
    public String optimization;

    private PyTorchTraining training;

    @Setup
    public void prepare() {
        Training expected = Training.perceptron(optimization);
        training = new PyTorchTraining(
                PyTorchMlpStep::perceptron, expected.adam(), expected.initial(), expected.images(), expected.labels());
        expected.check(training::step, training::parameters);
    }

    private static NDArray perceptron(NDArray images, List<NDArray> parameters) {
        NDArray x = images;
        for (int i = 0; i < parameters.size(); i += 2) {
            x = Linear.linear(x, parameters.get(i), parameters.get(i + 1)).singletonOrThrow();
            if (i + 2 < parameters.size()) {
                x = Activation.relu(x);
            }
        }
        return x;
    }

    @Benchmark
    public float eager() {
        return training.step();
    }
}
