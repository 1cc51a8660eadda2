package org.lazuli.examples.digits;

import static org.lazuli.Ops.eval;

import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.function.Unary;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.optimizers.AdamW;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Schedules;

/// Trains a network to tell classes of images apart.
///
/// @param <M> a network that takes images to a score for each class
public final class Trainer<M extends Module & Unary> {
    static final int BATCH = 64;
    static final double LEARNING_RATE = 2e-3;

    private final M model;
    private final Dataset data;

    public Trainer(M model, Dataset data) {
        this.model = model;
        this.data = data;
    }

    /// Trains for some passes over the data, with a learning rate that falls from step to step.
    ///
    /// @param name what to call the network in the output
    public List<Epoch> train(String name, int epochs) {
        int steps = Math.ceilDiv(data.train().count(), BATCH);
        var optimizer = new AdamW(Schedules.cosineDecay(LEARNING_RATE, epochs * steps));
        List<Epoch> history = new ArrayList<>();
        for (int number = 1; number <= epochs; number++) {
            try (ProgressBar bar = Progress.bar("%s %2d/%d".formatted(name, number, epochs), steps)) {
                double loss = pass(optimizer, bar);
                Score test = score(data.test());
                history.add(new Epoch(number, loss, test.loss(), test.accuracy()));
                bar.setExtraMessage(
                        "loss %.4f, test loss %.4f, accuracy %.4f".formatted(loss, test.loss(), test.accuracy()));
            }
        }
        return history;
    }

    /// Learns from every training image once, in random order.
    ///
    /// @return the mean loss
    private double pass(Optimizer optimizer, ProgressBar bar) {
        model.train();
        var lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        int count = data.train().count();
        Array order = Random.permutation(count, null);
        Array total = Ops.array(0f);
        for (int start = 0; start < count; start += BATCH) {
            Array numbers = order.get(Index.span(start, Math.min(start + BATCH, count)));
            LabelledImages batch = data.train().take(numbers);

            Nn.Step step = lossAndGrad.apply(batch.inputs(), batch.labels());
            optimizer.update(model, step.grads());
            total = total.add(step.value().mul(batch.count()));
            eval(model, optimizer, total);

            bar.step();
        }
        return total.item() / count;
    }

    /// How well the network does.
    ///
    /// @param loss the mean loss
    /// @param accuracy the share of images that it gets right
    /// @param predicted the class that it gives to each image
    public record Score(double loss, double accuracy, int[] predicted) {}

    /// Tries the network on images.
    public Score score(LabelledImages images) {
        model.eval();
        int size = 16 * BATCH;
        List<Array> losses = new ArrayList<>();
        List<Array> predictions = new ArrayList<>();
        for (int start = 0; start < images.count(); start += size) {
            LabelledImages batch = images.take(Ops.arange(start, Math.min(start + size, images.count())));
            Array scores = model.apply(batch.inputs());
            losses.add(Losses.crossEntropy(scores, batch.labels()));
            predictions.add(scores.argmax(-1));
            eval(losses.getLast(), predictions.getLast());
        }
        Array predicted = Ops.concatenate(predictions);
        double loss = Ops.concatenate(losses).mean().item();
        double accuracy = predicted.eq(images.labels()).mean().item();
        return new Score(loss, accuracy, predicted.toIntArray());
    }
}
