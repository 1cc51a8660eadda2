package org.lazuli.examples.digits;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Random;

/// The 1,797 handwritten digits of the UCI Machine Learning Repository, 8 x 8 pixels each, which come with the program.
///
/// See `ATTRIBUTION.md` next to the file for where they are from.
public final class DigitsData {
    private static final String FILE = "digits.csv.gz";
    private static final int SIDE = 8;
    private static final int WHITE = 16;
    private static final int TEST_IMAGES = 360;

    private DigitsData() {}

    /// The digits, a fifth of them for the test: always the same ones.
    public static Dataset load() {
        LabelledImages all = read();
        Array order = Random.permutation(all.count(), Random.key(0));
        return new Dataset(
                "handwritten digits",
                all.take(order.get(Index.from(TEST_IMAGES))),
                all.take(order.get(Index.to(TEST_IMAGES))),
                IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    }

    private static LabelledImages read() {
        InputStream resource = DigitsData.class.getResourceAsStream(FILE);
        if (resource == null) {
            throw new IllegalStateException(FILE + " is not on the class path: build the examples again");
        }
        try (var lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
            return parse(lines.readAllLines());
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read: build the examples again", e);
        }
    }

    /// Images from lines of 64 pixels and the digit, separated by commas.
    static LabelledImages parse(List<String> lines) {
        byte[] pixels = new byte[lines.size() * SIDE * SIDE];
        byte[] labels = new byte[lines.size()];
        int next = 0;
        for (int image = 0; image < lines.size(); image++) {
            String place = FILE + ", line " + (image + 1);
            String[] fields = lines.get(image).split(",", -1);
            if (fields.length != SIDE * SIDE + 1) {
                throw damaged(place, "there are " + fields.length + " values, not " + (SIDE * SIDE + 1));
            }
            for (int i = 0; i < SIDE * SIDE; i++) {
                pixels[next++] = number(fields[i], WHITE, place);
            }
            labels[image] = number(fields[SIDE * SIDE], 9, place);
        }
        return LabelledImages.of(pixels, labels, SIDE, SIDE, WHITE);
    }

    private static byte number(String field, int max, String place) {
        try {
            int value = Integer.parseInt(field);
            if (value >= 0 && value <= max) {
                return (byte) value;
            }
        } catch (NumberFormatException e) {
            // Falls through: the error is the same.
        }
        throw damaged(place, "'" + field + "' is not a number from 0 to " + max);
    }

    private static DataException damaged(String place, String problem) {
        return new DataException(place, problem, "the file is damaged: build the examples again");
    }
}
