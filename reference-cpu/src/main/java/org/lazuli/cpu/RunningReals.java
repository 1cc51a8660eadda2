package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Primitive.ScanOp;

/// The running results of several scans of real numbers, side by side.
final class RunningReals {
    /// From here on, log(1 + x) is a series of three terms to the accuracy of a double beside 1.
    private static final double SMALL = 1e-5;

    private final ScanOp op;
    private final double[] results;
    private final double[] rests;

    RunningReals(ScanOp op, int n) {
        this.op = op;
        results = new double[n];
        rests = new double[op == ScanOp.LOGADDEXP ? n : 0];
        Arrays.fill(results, neutral(op));
    }

    static double neutral(ScanOp op) {
        return switch (op) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, LOGADDEXP -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    static double combine(ScanOp op, double a, double b) {
        return switch (op) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case LOGADDEXP -> Functions.logAddExp(a, b);
        };
    }

    /// Combines each element with its result and replaces it by the result, the new one if `inclusive`, else the one before.
    ///
    /// @param elements a `float[]` or `double[]` of as many elements as there are results
    void take(Object elements, boolean inclusive) {
        if (elements instanceof float[] x) {
            if (inclusive) {
                take(x);
                give(x);
            } else {
                float[] taken = x.clone();
                give(x);
                take(taken);
            }
            return;
        }
        double[] x = (double[]) elements;
        for (int i = 0; i < x.length; i++) {
            double next = combine(op, results[i], x[i]);
            x[i] = inclusive ? next : results[i];
            results[i] = next;
        }
    }

    private void take(float[] x) {
        switch (op) {
            case SUM -> add(results, x);
            case PROD -> multiply(results, x);
            case MAX -> maximum(results, x);
            case MIN -> minimum(results, x);
            case LOGADDEXP -> {
                for (int i = 0; i < x.length; i++) {
                    rests[i] = rest(results[i], rests[i], x[i]);
                    results[i] = x[i] > results[i] ? x[i] : results[i];
                }
            }
        }
    }

    private void give(float[] x) {
        if (op == ScanOp.LOGADDEXP) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) logarithm(results[i], rests[i]);
            }
        } else {
            round(results, x);
        }
    }

    private static void add(double[] results, float[] x) {
        for (int i = 0; i < x.length; i++) {
            results[i] += x[i];
        }
    }

    private static void multiply(double[] results, float[] x) {
        for (int i = 0; i < x.length; i++) {
            results[i] *= x[i];
        }
    }

    private static void maximum(double[] results, float[] x) {
        for (int i = 0; i < x.length; i++) {
            results[i] = Math.max(results[i], x[i]);
        }
    }

    private static void minimum(double[] results, float[] x) {
        for (int i = 0; i < x.length; i++) {
            results[i] = Math.min(results[i], x[i]);
        }
    }

    private static void round(double[] results, float[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) results[i];
        }
    }

    /// A sum of exponentials is kept as that of its largest, `exp(largest)`, times `1 + rest`. This is the rest when `x` has joined.
    static double rest(double largest, double rest, double x) {
        if (x == largest) {
            return rest + 1;
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return Double.isNaN(x) || Double.isNaN(rest) ? Double.NaN : 0;
        }
        return x > largest ? (1 + rest) * Math.exp(largest - x) : rest + Math.exp(x - largest);
    }

    /// The logarithm of such a sum, to the accuracy of a float.
    static double logarithm(double largest, double rest) {
        return largest + (rest < SMALL ? rest * (1 - rest * (0.5 - rest / 3)) : Math.log(1 + rest));
    }
}
