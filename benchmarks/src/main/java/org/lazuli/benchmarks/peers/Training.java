package org.lazuli.benchmarks.peers;

import static org.lazuli.Ops.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.benchmarks.Models;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;

/// A classifier's weights and a batch for it, and what becomes of them in the first steps of training.
///
/// @param initial the weights and biases in the order of the layers, each weight before its bias; a linear layer's weight has the shape
///     `(out,in)`, a convolution's `(out,height,width,in)`
/// @param images a batch, `(batch,…)` with the channels last
/// @param labels of the images, from 0 to 9
/// @param adam whether Adam takes the steps, else it is plain descent
/// @param losses before each of the steps
/// @param first the weights and biases after the first step
/// @param trained the weights and biases after all steps
public record Training(
        List<Values> initial,
        Values images,
        int[] labels,
        boolean adam,
        float[] losses,
        List<float[]> first,
        List<float[]> trained) {
    /// How many steps are compared.
    public static final int STEPS = 3;

    public static final double SGD_RATE = 0.1;
    public static final double ADAM_RATE = 1e-3;

    /// Next to nothing: it is added before the correction of the bias by some, and after it by others.
    public static final double ADAM_EPS = 1e-12;

    private static final double FIRST_TOLERANCE = 1e-4;
    // Later on, roundings decide which of two nearly equal pixels a window of pooling takes, and one of 350,000 counts
    // about 1/sqrt(350000).
    private static final double TOLERANCE = 1e-2;
    // The sign of a gradient decides, and tiny ones round to either.
    private static final double ADAM_TOLERANCE = 2e-2;
    private static final double LOSS_TOLERANCE = 5e-4;

    /// The perceptron of [org.lazuli.benchmarks.MlpStepBenchmark].
    ///
    /// @param optimization `sgd` or `adam`; the latter with bias correction, without which other libraries have none
    public static Training perceptron(String optimization) {
        Random.seed(0);
        Optimizer optimizer = optimization.equals("adam")
                ? new Adam(ADAM_RATE, Adam.Options.DEFAULT.withEps(ADAM_EPS).withBiasCorrection(true))
                : new Sgd(SGD_RATE);
        return of(Models.perceptron(), optimizer, Shape.of(256, 784));
    }

    /// The network of [org.lazuli.benchmarks.ConvNetStepBenchmark].
    public static Training convNet() {
        Random.seed(0);
        return of(Models.convNet(), new Sgd(SGD_RATE), Shape.of(64, 28, 28, 1));
    }

    private static Training of(Sequential model, Optimizer optimizer, Shape batch) {
        Array images = Random.uniform(batch);
        Array labels = Random.randint(0, 10, Shape.of(batch.dim(0)));
        List<Values> initial = new ArrayList<>();
        for (Array array : arrays(model)) {
            initial.add(Values.of(array));
        }
        BiFunction<Array, Array, Nn.Step> lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        float[] losses = new float[STEPS];
        List<float[]> first = List.of();
        for (int i = 0; i < STEPS; i++) {
            Nn.Step step = lossAndGrad.apply(images, labels);
            optimizer.update(model, step.grads());
            eval(step.value(), model, optimizer);
            losses[i] = step.value().toFloatArray()[0];
            if (i == 0) {
                first = floats(model);
            }
        }
        return new Training(
                initial,
                Values.of(images),
                labels.toIntArray(),
                optimizer instanceof Adam,
                losses,
                first,
                floats(model));
    }

    private static List<float[]> floats(Sequential model) {
        return arrays(model).stream().map(Array::toFloatArray).toList();
    }

    /// By the order of the layers, the weight first.
    private static List<Array> arrays(Sequential model) {
        return model.trainableParameters().flatten().entrySet().stream()
                .sorted((x, y) -> layer(x.getKey()) != layer(y.getKey())
                        ? Integer.compare(layer(x.getKey()), layer(y.getKey()))
                        : y.getKey().compareTo(x.getKey()))
                .map(entry -> entry.getValue())
                .toList();
    }

    private static int layer(String name) {
        return Integer.parseInt(name.replaceAll("[^0-9]", ""));
    }

    /// Lets another library take the steps.
    ///
    /// @param step takes one and returns the loss before it
    /// @param parameters the weights and biases, in our order of layers and axes
    /// @throws IllegalStateException if a loss or the way of a parameter differs
    public void check(Supplier<Float> step, Supplier<List<float[]>> parameters) {
        float[] losses = new float[STEPS];
        for (int i = 0; i < STEPS; i++) {
            losses[i] = step.get();
            if (i == 0) {
                checkMoves(first, parameters.get(), adam ? ADAM_TOLERANCE : FIRST_TOLERANCE);
            }
        }
        checkMoves(trained, parameters.get(), adam ? ADAM_TOLERANCE : TOLERANCE);
        Agreement.check("the losses", this.losses, losses, LOSS_TOLERANCE);
    }

    private void checkMoves(List<float[]> expected, List<float[]> actual, double tolerance) {
        for (int i = 0; i < initial.size(); i++) {
            Agreement.checkMoves("parameter " + i, initial.get(i).data(), expected.get(i), actual.get(i), tolerance);
        }
    }

    /// A row for every label, with a 1 at the label.
    public Values oneHot() {
        float[] data = new float[labels.length * 10];
        for (int i = 0; i < labels.length; i++) {
            data[i * 10 + labels[i]] = 1;
        }
        return new Values(new long[] {labels.length, 10}, data);
    }
}
