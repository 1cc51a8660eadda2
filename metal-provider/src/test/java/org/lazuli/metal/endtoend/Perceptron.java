package org.lazuli.metal.endtoend;

import static org.lazuli.Ops.eval;

import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Sgd;

/// A multilayer perceptron with one hidden size, and steps of stochastic gradient descent on one batch, as a user would write them.
final class Perceptron {
    private final Sequential model;
    private final Sgd optimizer = new Sgd(0.1);
    private final BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private final Array images;
    private final Array labels;

    /// The parameters and the batch are the same each time.
    Perceptron(int inputs, int hidden, int classes, int batch) {
        Random.seed(3);
        model = new Sequential(
                new Linear(inputs, hidden),
                new ReLU(),
                new Linear(hidden, hidden),
                new ReLU(),
                new Linear(hidden, classes));
        lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        images = Random.uniform(Shape.of(batch, inputs), Random.key(1));
        labels = Random.randint(0, classes, Shape.of(batch), DType.INT32, Random.key(2));
        eval(model, optimizer, images, labels);
    }

    Sequential model() {
        return model;
    }

    /// Forward, backward and the move of the parameters, in one evaluation.
    ///
    /// @return the loss before the move, evaluated
    Array step() {
        Nn.Step step = lossAndGrad.apply(images, labels);
        optimizer.update(model, step.grads());
        eval(model, optimizer, step.value());
        return step.value();
    }
}
