package org.lazuli.benchmarks.peers.tensorflow;

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
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/// A step of training a convolutional network, as in `ConvNetStepBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowConvNetStep {
    private TensorFlowTraining training;

    @Setup
    public void prepare() {
        Training expected = Training.convNet();
        List<Values> weights = new ArrayList<>(expected.initial());
        weights.set(0, weights.get(0).transposed(1, 2, 3, 0));
        weights.set(2, weights.get(2).transposed(1, 2, 3, 0));
        weights.set(4, weights.get(4).transposed(1, 0));
        training = new TensorFlowTraining(
                TensorFlowConvNetStep::network, false, weights, expected.images(), expected.oneHot());
        expected.check(training::step, () -> inOurOrder(weights));
    }

    private List<float[]> inOurOrder(List<Values> weights) {
        List<float[]> trained = new ArrayList<>(training.parameters());
        trained.set(0, back(weights, trained, 0, 3, 0, 1, 2));
        trained.set(2, back(weights, trained, 2, 3, 0, 1, 2));
        trained.set(4, back(weights, trained, 4, 1, 0));
        return trained;
    }

    private static float[] back(List<Values> weights, List<float[]> trained, int index, int... axes) {
        return new Values(weights.get(index).shape(), trained.get(index))
                .transposed(axes)
                .data();
    }

    private static Operand<TFloat32> network(Ops tf, Operand<TFloat32> images, List<Variable<TFloat32>> parameters) {
        Operand<TFloat32> x = images;
        for (int i = 0; i < 4; i += 2) {
            x = tf.nn.conv2d(x, parameters.get(i), List.of(1L, 1L, 1L, 1L), "VALID");
            x = tf.nn.relu(tf.nn.biasAdd(x, parameters.get(i + 1)));
            x = tf.nn.maxPool(x, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "VALID");
        }
        x = tf.reshape(x, tf.constant(new int[] {-1, 5 * 5 * 64}));
        return tf.nn.biasAdd(tf.linalg.matMul(x, parameters.get(4)), parameters.get(5));
    }

    @Benchmark
    public float graph() {
        return training.step();
    }
}
