package org.lazuli.examples;

import static org.lazuli.Ops.eval;
import static org.lazuli.Ops.maximum;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.DigitsData;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.optimizers.Sgd;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Metrics;

/// The multilayer perceptron that the guide to neural networks builds, on handwritten digits, with the loop written out.
///
/// Expect some 95 % of the test images read.
public final class GuideMlp {
    /// Dense layers of 128 units, with the positive part between them.
    public static class Mlp extends Module implements Unary {
        public List<Linear> layers;

        public Mlp(int inDims, int outDims) {
            layers = List.of(new Linear(inDims, 128), new Linear(128, 128), new Linear(128, outDims));
        }

        @Override
        public Array apply(Array x) {
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).apply(i > 0 ? maximum(x, 0) : x);
            }
            return x;
        }
    }

    private GuideMlp() {}

    public static void main(String... args) {
        run(30);
    }

    /// @return the accuracy on the test images
    static double run(int epochs) {
        Dataset digits = DigitsData.load();
        Array testImages = digits.test().inputs().flatten(1, -1);
        Array testLabels = digits.test().labels();
        Random.seed(0);
        var model = new Mlp(testImages.dim(1), 10);
        System.out.println(model);

        var lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        var optimizer = new Sgd(0.1);
        var batches = new Batches<>(
                        org.lazuli.train.Dataset.of(
                                digits.train().inputs().flatten(1, -1),
                                digits.train().labels()),
                        32)
                .shuffled(0);
        double accuracy = 0;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double loss = 0;
            for (Batch batch : batches.epoch(epoch)) {
                Nn.Step step = lossAndGrad.apply(batch.inputs(), batch.targets());
                optimizer.update(model, step.grads());
                eval(model, optimizer, step.value());
                loss += step.value().item() / batches.count();
            }
            accuracy =
                    Metrics.accuracy(model.apply(testImages), testLabels).mean().item();
            System.out.printf("epoch %2d: loss %.4f, test accuracy %.4f%n", epoch, loss, accuracy);
        }
        return accuracy;
    }
}
