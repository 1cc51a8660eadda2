package org.lazuli.benchmarks.peers.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.benchmarks.peers.Training;
import org.lazuli.benchmarks.peers.Values;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/// Steps of training a classifier: a graph with its gradients and the updates of its variables.
final class TensorFlowTraining {
    /// What the model makes of a batch.
    interface Model {
        Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images, List<Variable<TFloat32>> parameters);
    }

    private final TensorFlowGraph graph = new TensorFlowGraph();
    private final List<Variable<TFloat32>> parameters = new ArrayList<>();
    private final List<Op> updates = new ArrayList<>();
    private final Operand<TFloat32> loss;

    /// @param weights in TensorFlow's order of axes, each before its bias
    TensorFlowTraining(Model model, boolean adam, List<Values> weights, Values images, Values oneHot) {
        Ops tf = graph.tf;
        for (Values values : weights) {
            parameters.add(graph.variable(values));
        }
        Operand<TFloat32> logits = model.apply(tf, graph.input(images), parameters);
        loss = tf.math.mean(
                tf.nn.softmaxCrossEntropyWithLogits(logits, graph.input(oneHot)).loss(), tf.constant(0));
        Gradients gradients = tf.gradients(loss, parameters);
        // Only after all of them: an update in place must not come before the last use of the old value.
        Ops after = tf.withControlDependencyOps(
                gradients.dy().stream().map(Output::op).toArray(Operation[]::new));
        if (adam) {
            adam(after, gradients);
        } else {
            for (int i = 0; i < parameters.size(); i++) {
                updates.add(after.train.applyGradientDescent(
                        parameters.get(i), tf.constant((float) Training.SGD_RATE), gradients.dy(i)));
            }
        }
    }

    private void adam(Ops tf, Gradients gradients) {
        Values one = new Values(new long[] {}, new float[] {1});
        Variable<TFloat32> power1 = graph.variable(new Values(one.shape(), new float[] {0.9f}));
        Variable<TFloat32> power2 = graph.variable(new Values(one.shape(), new float[] {0.999f}));
        for (int i = 0; i < parameters.size(); i++) {
            updates.add(tf.train.applyAdam(
                    parameters.get(i),
                    zeros(weightsLike(i)),
                    zeros(weightsLike(i)),
                    power1,
                    power2,
                    tf.constant((float) Training.ADAM_RATE),
                    tf.constant(0.9f),
                    tf.constant(0.999f),
                    tf.constant((float) Training.ADAM_EPS),
                    gradients.dy(i)));
        }
        // Only after all of them.
        Ops after = tf.withControlDependencies(updates.toArray(Op[]::new));
        Op first = after.assign(power1, after.math.mul(power1, after.constant(0.9f)));
        Op second = after.assign(power2, after.math.mul(power2, after.constant(0.999f)));
        updates.add(first);
        updates.add(second);
    }

    private long[] weightsLike(int i) {
        return parameters.get(i).shape().asArray();
    }

    private Variable<TFloat32> zeros(long... shape) {
        int size = 1;
        for (long side : shape) {
            size *= Math.toIntExact(side);
        }
        return graph.variable(new Values(shape, new float[size]));
    }

    /// The loss before the step.
    float step() {
        try (Result result = graph.run(List.of(loss), updates)) {
            return ((TFloat32) result.get(0)).getFloat();
        }
    }

    List<float[]> parameters() {
        return graph.floats(parameters);
    }
}
