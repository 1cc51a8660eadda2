package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;

/// Compares two computations of the same numbers that may round differently.
final class Near {
    private Near() {}

    /// Compares each number with its bound. NaN is near to nothing.
    static void check(String what, double[] expected, double[] actual, double[] bounds) {
        assertEquals(expected.length, actual.length, what + ": number of elements");
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - actual[i]);
            if (!(difference <= bounds[i])) {
                throw new AssertionError(what + ", element " + i + ": expected " + expected[i] + ", got " + actual[i]
                        + ", which differs by " + difference + "; the bound is " + bounds[i] + ". Expected all: "
                        + Arrays.toString(expected) + ", got " + Arrays.toString(actual));
            }
        }
    }

    /// Compares arrays that two computations of a sample's function, or of its gradient, gave: types, shapes, and values within the rounding of
    /// both.
    ///
    /// @param ulps the error of one computation, in units of roundoff; sums add one for each input
    /// @param copies how many evaluations of the function go into each number
    static void check(String what, Sample sample, List<Array> expected, List<Array> actual, double ulps, int copies) {
        assertEquals(expected.size(), actual.size(), what + ": number of arrays");
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).dtype(), actual.get(i).dtype(), what + ": dtype of number " + i);
            assertEquals(expected.get(i).shape(), actual.get(i).shape(), what + ": shape of number " + i);
        }
        int count =
                sample.operands().stream().mapToInt(spec -> spec.shape().size()).sum() * copies;
        double[] first = Jacobian.flat(expected);
        double[] bounds = new double[first.length];
        for (int i = 0; i < bounds.length; i++) {
            // A sum over a batch may cancel; its terms are of magnitude 1.
            double least = sample.sums() ? 4.0 * count : copies > 1 ? copies : 0;
            double magnitude = Math.max(Math.abs(first[i]), least);
            bounds[i] = 2 * (sample.sums() ? ulps + count : ulps) * sample.epsilon() * magnitude;
        }
        check(what, first, Jacobian.flat(actual), bounds);
    }
}
