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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/// A step of training a perceptron, as in `MlpStepBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowMlpStep {
    @Param({"sgd", "adam"})
    public String optimization;

    private TensorFlowTraining training;

    @Setup
    public void prepare() {
        Training expected = Training.perceptron(optimization);
        List<Values> weights = new ArrayList<>(expected.initial());
        for (int i = 0; i < weights.size(); i += 2) {
            weights.set(i, weights.get(i).transposed(1, 0));
        }
        training = new TensorFlowTraining(
                TensorFlowMlpStep::perceptron, expected.adam(), weights, expected.images(), expected.oneHot());
        expected.check(training::step, () -> inOurOrder(weights));
    }

    private List<float[]> inOurOrder(List<Values> weights) {
        List<float[]> trained = new ArrayList<>(training.parameters());
        for (int i = 0; i < weights.size(); i += 2) {
            trained.set(
                    i,
                    new Values(weights.get(i).shape(), trained.get(i))
                            .transposed(1, 0)
                            .data());
        }
        return trained;
    }

    private static Operand<TFloat32> perceptron(Ops tf, Operand<TFloat32> images, List<Variable<TFloat32>> parameters) {
        Operand<TFloat32> x = images;
        for (int i = 0; i < parameters.size(); i += 2) {
            x = tf.nn.biasAdd(tf.linalg.matMul(x, parameters.get(i)), parameters.get(i + 1));
            if (i + 2 < parameters.size()) {
                x = tf.nn.relu(x);
            }
        }
        return x;
    }

    @Benchmark
    public float graph() {
        return training.step();
    }
}
