package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.benchmarks.peers.Training;
import org.lazuli.benchmarks.peers.Values;

/// Steps of training a classifier by DJL: arrays with gradients, a loss and an optimizer of its own.
final class PyTorchTraining {
    /// What the model makes of a batch.
    interface Model {
        NDArray apply(NDArray images, List<NDArray> parameters);
    }

    private final NDManager manager = NDManager.newBaseManager();
    private final SoftmaxCrossEntropyLoss crossEntropy = new SoftmaxCrossEntropyLoss();
    private final Model model;
    private final Optimizer optimizer;
    private final List<NDArray> parameters = new ArrayList<>();
    private final NDArray images;
    private final NDArray labels;

    /// @param weights in PyTorch's order of axes, each before its bias
    PyTorchTraining(Model model, boolean adam, List<Values> weights, Values images, int[] labels) {
        this.model = model;
        optimizer = adam
                ? Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed((float) Training.ADAM_RATE))
                        .optEpsilon((float) Training.ADAM_EPS)
                        .build()
                : Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed((float) Training.SGD_RATE))
                        .build();
        for (Values values : weights) {
            NDArray parameter = PyTorch.array(manager, values);
            parameter.setRequiresGradient(true);
            parameters.add(parameter);
        }
        this.images = PyTorch.array(manager, images);
        this.labels = manager.create(labels).toType(ai.djl.ndarray.types.DataType.INT64, false);
    }

    /// The loss before the step.
    float step() {
        try (NDManager step = manager.newSubManager()) {
            step.tempAttachAll(images, labels);
            NDArray loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray logits = model.apply(images, parameters);
                loss = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
                collector.backward(loss);
            }
            for (int i = 0; i < parameters.size(); i++) {
                NDArray parameter = parameters.get(i);
                try (NDArray gradient = parameter.getGradient()) {
                    // This clears the gradient too, to which the next one is added.
                    optimizer.update(String.valueOf(i), parameter, gradient);
                }
            }
            return loss.getFloat();
        }
    }

    List<float[]> parameters() {
        return parameters.stream().map(NDArray::toFloatArray).toList();
    }
}
