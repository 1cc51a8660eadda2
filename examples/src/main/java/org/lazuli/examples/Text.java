package org.lazuli.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.function.Unary;
import org.lazuli.train.Batch;
import org.lazuli.train.Dataset;

/// A text as numbers, one for each character: what a language model reads and writes.
///
/// The text is the Book of Genesis; `ATTRIBUTION.md` next to the file says where it is from.
final class Text {
    private static final String FILE = "genesis.txt";

    private final String characters;
    private final Array tokens;

    private Text(String text) {
        characters = text.chars()
                .distinct()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        tokens = encode(text);
    }

    static Text load() {
        try (InputStream in = Text.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path: build the examples again");
            }
            return new Text(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read: build the examples again", e);
        }
    }

    /// The number of different characters.
    int vocabulary() {
        return characters.length();
    }

    int length() {
        return tokens.size();
    }

    private Array encode(String text) {
        return Ops.array(text.chars().map(characters::indexOf).toArray());
    }

    /// Pieces of the text, one after another, each with the same piece one character later.
    Dataset<Batch> windows(int length) {
        int count = (tokens.size() - 1) / length;
        Array inputs = tokens.get(Index.to(count * length)).reshape(count, length);
        Array targets = tokens.get(Index.span(1, count * length + 1)).reshape(count, length);
        return Dataset.of(inputs, targets);
    }

    /// Goes on with a text, character by character, each drawn from what a model gives for the next one.
    ///
    /// @param model from tokens of shape `(1,L)` to scores of shape `(1,L,vocabulary)`
    /// @param context how many characters the model looks back
    String sample(Unary model, String start, int count, int context) {
        StringBuilder text = new StringBuilder(start);
        Array[] keys = keys(count);
        for (int i = 0; i < count; i++) {
            String seen = text.substring(Math.max(0, text.length() - context));
            Array scores = model.apply(encode(seen).expandDims(0)).get(Index.at(0), Index.at(-1));
            // Below 1, likely characters become more likely.
            Array next = Random.categorical(scores.div(0.7), -1, keys[i]);
            text.append(characters.charAt((int) next.item()));
        }
        return text.toString();
    }

    /// Keys of their own, so that drawing samples leaves the random state of the training alone.
    private static Array[] keys(int count) {
        Array keys = Random.split(Random.key(0), count);
        Array[] rows = new Array[count];
        Arrays.setAll(rows, i -> keys.get(Index.at(i)));
        return rows;
    }
}
