package org.lazuli.examples;

import java.util.Map;
import org.lazuli.Random;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.LabelledImages;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.AdamW;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Metrics;
import org.lazuli.train.Trainer;

/// Dense networks on rows of pixels, for the examples that do something to them.
final class Dense {
    private Dense() {}

    static Sequential network(int pixels) {
        Random.seed(0);
        return new Sequential(
                new Linear(pixels, 256), new ReLU(), new Linear(256, 256), new ReLU(), new Linear(256, 10));
    }

    /// Images as rows of pixels, with their labels.
    static Batch rows(LabelledImages images) {
        return new Batch(images.inputs().flatten(1, -1), images.labels());
    }

    static int pixels(Dataset data) {
        return data.train().height() * data.train().width();
    }

    static <M extends Module & Unary> Trainer<Batch> trainer(M model) {
        return new Trainer<>(
                model,
                new AdamW(1e-3),
                b -> Losses.crossEntropy(model.apply(b.inputs()), b.targets()).mean());
    }

    static <M extends Module & Unary> void train(M model, Batch examples, int epochs) {
        trainer(model)
                .listen(new Bar())
                .fit(new Batches<>(org.lazuli.train.Dataset.of(examples), 64).shuffled(0), epochs);
    }

    static <M extends Module & Unary> void trainQuietly(M model, Batch examples, int epochs) {
        trainer(model).fit(new Batches<>(org.lazuli.train.Dataset.of(examples), 64).shuffled(0), epochs);
    }

    static <M extends Module & Unary> double accuracy(M model, Batch examples) {
        return trainer(model)
                .evaluate(
                        new Batches<>(org.lazuli.train.Dataset.of(examples), 500),
                        b -> Map.of("accuracy", Metrics.accuracy(model.apply(b.inputs()), b.targets())))
                .firstEntry()
                .getValue();
    }
}
