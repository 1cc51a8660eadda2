package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lazuli.DType;
import org.lazuli.Shape;

class DigitsDataTest {
    /// How often each digit is in the file, counted apart from this program.
    private static final int[] DIGITS = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};

    @Test
    void everyDigitIsInOneOfTheTwoParts() {
        Dataset data = DigitsData.load();

        assertEquals(1437, data.train().count());
        assertEquals(360, data.test().count());
        int[] found = new int[10];
        for (LabelledImages part : List.of(data.train(), data.test())) {
            for (int label : part.labels().toIntArray()) {
                found[label]++;
            }
        }
        assertArrayEquals(DIGITS, found);
    }

    @Test
    void imagesAreBetweenZeroAndOne() {
        LabelledImages train = DigitsData.load().train();

        assertEquals(Shape.of(1437, 8, 8, 1), train.inputs().shape());
        assertEquals(DType.FLOAT32, train.inputs().dtype());
        assertEquals(0, train.inputs().min().item());
        assertEquals(1, train.inputs().max().item());
    }

    @Test
    void theSplitIsAlwaysTheSame() {
        assertArrayEquals(
                DigitsData.load().test().labels().toIntArray(),
                DigitsData.load().test().labels().toIntArray());
    }

    @Test
    void takesTheLastFieldForTheDigit() {
        List<String> fields = new ArrayList<>(Collections.nCopies(65, "0"));
        fields.set(9, "16");
        fields.set(64, "7");

        LabelledImages image = DigitsData.parse(List.of(String.join(",", fields)));

        assertEquals(7, image.labels().itemLong());
        assertEquals(1, image.inputs().toArray(float[][][][].class)[0][1][1][0]);
        assertEquals(1, image.inputs().sum().item());
    }

    @ParameterizedTest
    @CsvSource({"3, 17", "3, -1", "3, x", "3, ''", "64, 10", "0, 1.5"})
    void refusesWhatIsNoPixelOrDigit(int position, String field) {
        List<String> fields = new ArrayList<>(Collections.nCopies(65, "0"));
        String good = String.join(",", fields);
        fields.set(position, field);

        var error = assertThrows(DataException.class, () -> DigitsData.parse(List.of(good, String.join(",", fields))));

        assertTrue(error.toString().contains("line 2: '" + field + "'"), error.toString());
    }

    @Test
    void refusesALineThatIsCutShort() {
        var error = assertThrows(DataException.class, () -> DigitsData.parse(List.of("0,0,5,13")));

        assertEquals(
                "digits.csv.gz, line 1: there are 4 values, not 65; the file is damaged: build the examples again",
                error.getMessage());
    }
}
