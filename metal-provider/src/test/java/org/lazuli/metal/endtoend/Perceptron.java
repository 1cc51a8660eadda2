package org.lazuli.metal.endtoend;

import static org.lazuli.Ops.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Sgd;

/// A multilayer perceptron, and steps of stochastic gradient descent on one batch, as a user would write them.
final class Perceptron {
    private final Sequential model;
    private final Sgd optimizer = new Sgd(0.1);
    private final BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private final Array images;
    private final Array labels;
    private Array loss;

    /// The parameters and the batch are the same each time.
    ///
    /// @param batch the number of images
    /// @param sizes of the input, of the hidden layers, and of the output
    Perceptron(int batch, int... sizes) {
        Random.seed(3);
        List<Unary> layers = new ArrayList<>();
        for (int i = 1; i < sizes.length; i++) {
            if (i > 1) {
                layers.add(new ReLU());
            }
            layers.add(new Linear(sizes[i - 1], sizes[i]));
        }
        model = new Sequential(layers);
        lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        int classes = sizes[sizes.length - 1];
        images = Random.uniform(Shape.of(batch, sizes[0]), Random.key(1));
        labels = Random.randint(0, classes, Shape.of(batch), DType.INT32, Random.key(2));
        loss = Ops.array(0f);
        eval(model, optimizer, images, labels);
    }

    /// Forward, backward and the move of the parameters, in one evaluation.
    ///
    /// @return the loss before the move
    float step() {
        Nn.Step step = lossAndGrad.apply(images, labels);
        optimizer.update(model, step.grads());
        loss = step.value();
        return evaluate();
    }

    /// Evaluates what [#step] has built. Again, if it failed: the graph is still there.
    float evaluate() {
        eval(model, optimizer, loss);
        return loss.toFloatArray()[0];
    }

    /// All parameters, one after another.
    float[] parameters() {
        return Ops.concatenate(
                        model.parameters().leaves().stream().map(Array::flatten).toList())
                .toFloatArray();
    }
}
