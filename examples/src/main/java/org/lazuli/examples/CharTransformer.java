package org.lazuli.examples;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.function.Unary;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.nn.TransformerEncoder;
import org.lazuli.optimizers.AdamW;
import org.lazuli.optimizers.Schedules;
import org.lazuli.train.Epoch;

/// A small transformer reads the Book of Genesis character by character and writes in its manner.
///
/// Expect a loss of 1.3 per character, from 4.1, and samples that turn from noise into words.
public final class CharTransformer {
    static final int CONTEXT = 64;

    /// From characters to scores for the next ones; none of them sees those after it.
    public static class Model extends Module implements Unary {
        public Embedding characters;
        public Embedding positions;
        public TransformerEncoder encoder;
        public Linear output;

        public Model(int vocabulary, int dims, int layers, int heads) {
            characters = new Embedding(vocabulary, dims);
            positions = new Embedding(CONTEXT, dims);
            encoder = new TransformerEncoder(layers, dims, heads);
            output = new Linear(dims, vocabulary);
        }

        /// @param tokens shape `(N,L)`, with L at most 64
        /// @return shape `(N,L,vocabulary)`
        @Override
        public Array apply(Array tokens) {
            Array places = positions.apply(Ops.arange(tokens.dim(1)));
            Array x = characters.apply(tokens).add(places);
            return output.apply(encoder.apply(x, AttentionMask.CAUSAL));
        }
    }

    private CharTransformer() {}

    public static void main(String... args) {
        run(96, Text.load().length() / CONTEXT, 8, 160);
    }

    static List<Epoch> run(int dims, int pieces, int epochs, int sample) {
        Text text = Text.load();
        Random.seed(0);
        // A transformer wants small steps at first.
        Unary warmup = Schedules.joinSchedules(
                List.of(Schedules.linearSchedule(0, 2e-3, 100), Schedules.linearSchedule(2e-3, 2e-4, 1400)),
                List.of(100));
        var optimizer = new AdamW(warmup, AdamW.Options.DEFAULT.withBiasCorrection(true));
        var model = new Model(text.vocabulary(), dims, 2, 4);
        return LanguageTraining.run(text, model, optimizer, CONTEXT, pieces, 16, epochs, sample);
    }
}
