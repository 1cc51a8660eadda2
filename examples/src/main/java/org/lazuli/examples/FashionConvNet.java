package org.lazuli.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.examples.digits.ConvNet;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.IdxFiles;
import org.lazuli.examples.digits.LabelledImages;
import org.lazuli.nn.Losses;
import org.lazuli.optimizers.AdamW;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.EarlyStopping;
import org.lazuli.train.Epoch;
import org.lazuli.train.Metrics;
import org.lazuli.train.Trainer;
import org.lazuli.train.tensorboard.TensorBoard;

/// A convolutional network tells clothes apart: Fashion-MNIST, 28 x 28 pixels, ten classes.
///
/// Expect more than 85 % of the test images right. Kill it at any moment and start it again by the same command: it goes on
/// from its checkpoint. `tensorboard --logdir examples/target/fashion` draws its curves.
public final class FashionConvNet {
    /// Where Debian's package `dataset-fashion-mnist` puts the files.
    private static final String DEBIAN = "/usr/share/datasets/fashion-mnist";

    private FashionConvNet() {}

    public static void main(String... args) {
        Path data = Path.of(args.length > 0 ? args[0] : DEBIAN);
        run(IdxFiles.load(data), 3, 64, Path.of("examples", "target", "fashion"));
    }

    /// @param out where the checkpoint and the events go
    static List<Epoch> run(Dataset data, int epochs, int batchSize, Path out) {
        System.out.printf(
                "%s: %d to learn from, %d for the test%n",
                data.name(), data.train().count(), data.test().count());
        Random.seed(0);
        var model = new ConvNet(data.train().height(), data.train().width(), 10);

        try (var board = new TensorBoard(out)) {
            return new Trainer<Batch>(
                            model,
                            new AdamW(1e-3),
                            b -> Losses.crossEntropy(model.apply(b.inputs()), b.targets())
                                    .mean())
                    .validate(new Batches<>(examples(data.test()), 500), b -> {
                        Array scores = model.apply(b.inputs());
                        return Map.of(
                                "accuracy", Metrics.accuracy(scores, b.targets()),
                                "loss", Losses.crossEntropy(scores, b.targets()));
                    })
                    .checkpoint(out.resolve("run.safetensors"), 200)
                    .stopWhen(EarlyStopping.on("validation/loss").withPatience(2))
                    .listen(new Bar())
                    .listen(board)
                    .fit(new Batches<>(examples(data.train()), batchSize).shuffled(0), epochs);
        }
    }

    /// Bytes until they are needed: as floats they would take four times the memory.
    private static org.lazuli.train.Dataset<Batch> examples(LabelledImages images) {
        return org.lazuli.train.Dataset.of(images.pixels(), images.labels())
                .map(b -> new LabelledImages(b.inputs(), b.targets(), images.white()))
                .map(taken -> new Batch(taken.inputs(), taken.labels()));
    }
}
