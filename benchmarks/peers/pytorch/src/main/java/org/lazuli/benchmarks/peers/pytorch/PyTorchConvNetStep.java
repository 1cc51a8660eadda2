package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Training;
import org.lazuli.benchmarks.peers.Values;
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

/// A step of training a convolutional network, as in `ConvNetStepBenchmark`, with the channels first as PyTorch has them.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchConvNetStep {
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);

    private PyTorchTraining training;

    @Setup
    public void prepare() {
        Training expected = Training.convNet();
        List<Values> weights = new ArrayList<>(expected.initial());
        weights.set(0, weights.get(0).transposed(0, 3, 1, 2));
        weights.set(2, weights.get(2).transposed(0, 3, 1, 2));
        weights.set(4, flattened(weights.get(4), true));
        training = new PyTorchTraining(
                PyTorchConvNetStep::network,
                false,
                weights,
                expected.images().transposed(0, 3, 1, 2),
                expected.labels());
        expected.check(training::step, () -> inOurOrder(weights));
    }

    private List<float[]> inOurOrder(List<Values> weights) {
        List<float[]> trained = new ArrayList<>(training.parameters());
        trained.set(0, channelsLast(weights.get(0), trained.get(0)));
        trained.set(2, channelsLast(weights.get(2), trained.get(2)));
        trained.set(
                4,
                flattened(new Values(weights.get(4).shape(), trained.get(4)), false)
                        .data());
        return trained;
    }

    private static float[] channelsLast(Values like, float[] data) {
        return new Values(like.shape(), data).transposed(0, 2, 3, 1).data();
    }

    /// The dense layer's weight for images that are flattened with the channels first, or back.
    private static Values flattened(Values weight, boolean channelsFirst) {
        Values images =
                new Values(channelsFirst ? new long[] {10, 5, 5, 64} : new long[] {10, 64, 5, 5}, weight.data());
        return new Values(
                weight.shape(), (channelsFirst ? images.transposed(0, 3, 1, 2) : images.transposed(0, 2, 3, 1)).data());
    }

    private static NDArray network(NDArray images, List<NDArray> parameters) {
        NDArray x = images;
        for (int i = 0; i < 4; i += 2) {
            x = Activation.relu(
                    Conv2d.conv2d(x, parameters.get(i), parameters.get(i + 1)).singletonOrThrow());
            x = Pool.maxPool2d(x, TWO, TWO, NONE, false);
        }
        return Linear.linear(x.reshape(x.getShape().get(0), -1), parameters.get(4), parameters.get(5))
                .singletonOrThrow();
    }

    @Benchmark
    public float eager() {
        return training.step();
    }
}
