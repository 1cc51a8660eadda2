package org.lazuli.conformance.train;

import java.nio.file.Path;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Schedules;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Dataset;
import org.lazuli.train.Listener;
import org.lazuli.train.Metrics;
import org.lazuli.train.MixedPrecision;
import org.lazuli.train.Trainer;

/// A training run with everything that a checkpoint must remember: running statistics, dropout, averages of the optimizer,
/// a schedule, a loss scale, an order of the data.
final class LongRun {
    static final int EPOCHS = 8;
    static final int STEPS = 19;

    private LongRun() {}

    /// @param args the checkpoint, and the file for the weights when everything is done
    public static void main(String[] args) {
        Sequential model = run(Path.of(args[0]), new Listener() {});
        model.saveWeights(Path.of(args[1]));
    }

    static Sequential run(Path checkpoint, Listener listener) {
        Array points = Random.normal(Shape.of(700, 16), Random.key(1));
        Array classes = points.matmul(Random.normal(Shape.of(16, 5), Random.key(2)))
                .argmax(-1)
                .astype(DType.INT32);
        Dataset<Batch> all = Dataset.of(points, classes);
        var learned = new Batches<>(all.slice(0, 600), 32).shuffled(7);
        var held = new Batches<>(all.slice(600, 700), 50);

        Random.seed(3);
        var model = new Sequential(
                new Linear(16, 64),
                new BatchNorm(64),
                new ReLU(),
                new Dropout(0.2),
                new Linear(64, 64),
                new ReLU(),
                new Linear(64, 5));
        var trainer = new Trainer<Batch>(
                        model,
                        new Adam(Schedules.cosineDecay(0.01, EPOCHS * STEPS)),
                        b -> Losses.crossEntropy(model.apply(b.inputs()).astype(DType.FLOAT32), b.targets())
                                .mean())
                .microBatches(2)
                .precision(MixedPrecision.float16().withGrowthInterval(13))
                .validate(held, b -> Map.of("accuracy", Metrics.accuracy(model.apply(b.inputs()), b.targets())))
                .checkpoint(checkpoint, 5)
                .listen(listener);
        trainer.fit(learned, EPOCHS);
        return model;
    }
}
