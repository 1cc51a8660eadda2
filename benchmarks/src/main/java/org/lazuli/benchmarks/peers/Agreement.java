package org.lazuli.benchmarks.peers;

/// Whether another library computed what we did. Distances are relative: the length of the difference of two vectors by the length of
/// the expected one, so that a few tiny elements decide nothing and a missing part does.
public final class Agreement {
    private Agreement() {}

    /// @throws IllegalStateException if `actual` is further from `expected` than `tolerance`, has another length or is not finite
    public static void check(String what, float[] expected, float[] actual, double tolerance) {
        if (expected.length != actual.length) {
            throw new IllegalStateException(what + ": " + actual.length + " elements instead of " + expected.length);
        }
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            double by = (double) actual[i] - expected[i];
            difference += by * by;
            length += (double) expected[i] * expected[i];
        }
        double distance = Math.sqrt(difference / Math.max(length, Double.MIN_NORMAL));
        if (!(distance <= tolerance)) {
            throw new IllegalStateException(
                    what + ": differs by " + distance + " of its length; " + tolerance + " is allowed");
        }
    }

    /// Compares how far parameters went rather than where they are: weights that never moved are close to weights that moved a little.
    public static void checkMoves(String what, float[] from, float[] expected, float[] actual, double tolerance) {
        check("the movement of " + what, minus(expected, from), minus(actual, from), tolerance);
    }

    private static float[] minus(float[] x, float[] y) {
        if (x.length != y.length) {
            throw new IllegalStateException(x.length + " elements instead of " + y.length);
        }
        float[] result = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] - y[i];
        }
        return result;
    }
}
