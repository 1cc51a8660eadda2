package org.lazuli.examples;

import java.util.List;
import java.util.Map;
import org.lazuli.function.Unary;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Dataset;
import org.lazuli.train.Epoch;
import org.lazuli.train.Listener;
import org.lazuli.train.Trainer;

/// Teaches a model of characters to go on with a text, and has it write something after each epoch.
final class LanguageTraining {
    private LanguageTraining() {}

    /// @param model from tokens of shape `(N,L)` to scores of shape `(N,L,vocabulary)`
    /// @param context the length of the pieces it learns from
    /// @param pieces how many pieces of the text to use; the last tenth of them is for the test
    /// @param sample how many characters to write after each epoch
    static <M extends Module & Unary> List<Epoch> run(
            Text text, M model, Optimizer optimizer, int context, int pieces, int batchSize, int epochs, int sample) {
        Dataset<Batch> all = text.windows(context).slice(0, pieces);
        int learned = pieces - pieces / 10;
        System.out.printf(
                "%,d characters, %d different ones: a guess has a loss of %.2f%n",
                text.length(), text.vocabulary(), Math.log(text.vocabulary()));
        Listener writer = new Listener() {
            @Override
            public void epochDone(Epoch epoch) {
                model.eval();
                System.out.println(
                        text.sample(model, "And God said", sample, context).replace("\n", "\n  ") + "\n");
                model.train();
            }
        };
        return new Trainer<Batch>(
                        model,
                        optimizer,
                        b -> Losses.crossEntropy(model.apply(b.inputs()), b.targets())
                                .mean())
                .gradients(grads -> Optimizer.clipGradNorm(grads, 1).grads())
                .validate(
                        new Batches<>(all.slice(learned, pieces), 32),
                        b -> Map.of("loss", Losses.crossEntropy(model.apply(b.inputs()), b.targets())))
                .listen(new Bar())
                .listen(writer)
                .fit(new Batches<>(all.slice(0, learned), batchSize).shuffled(0), epochs);
    }
}
