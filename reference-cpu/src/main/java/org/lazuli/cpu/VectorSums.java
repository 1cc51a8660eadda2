package org.lazuli.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [DoubleSums] by the Vector API: vectors of floats half as long as those of doubles are converted as they are read.
final class VectorSums extends DoubleSums {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static DoubleVector load(double[] a, int i) {
        return DoubleVector.fromArray(SPECIES, a, i);
    }

    private static DoubleVector load(float[] a, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, a, i).convertShape(VectorOperators.F2D, SPECIES, 0);
    }

    @Override
    double sum(float[] a, int from, int to) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int i = from;
        for (; i <= to - 4 * LANES; i += 4 * LANES) {
            s0 = s0.add(load(a, i));
            s1 = s1.add(load(a, i + LANES));
            s2 = s2.add(load(a, i + 2 * LANES));
            s3 = s3.add(load(a, i + 3 * LANES));
        }
        double[] lanes = s0.add(s1).add(s2.add(s3)).toArray();
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        double sum = lanes[0];
        for (; i < to; i++) {
            sum += a[i];
        }
        return sum;
    }

    @Override
    double sum(double[] a, int from, int to) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int i = from;
        for (; i <= to - 4 * LANES; i += 4 * LANES) {
            s0 = s0.add(load(a, i));
            s1 = s1.add(load(a, i + LANES));
            s2 = s2.add(load(a, i + 2 * LANES));
            s3 = s3.add(load(a, i + 3 * LANES));
        }
        double[] lanes = s0.add(s1).add(s2.add(s3)).toArray();
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        double sum = lanes[0];
        for (; i < to; i++) {
            sum += a[i];
        }
        return sum;
    }

    @Override
    void add(double[] sums, double[] a, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector.fromArray(SPECIES, sums, i).add(load(a, at + i)).intoArray(sums, i);
        }
        for (; i < n; i++) {
            sums[i] += a[at + i];
        }
    }

    @Override
    void add(double[] sums, float[] a, int at, int stride, int rows, int n) {
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            addFour(sums, i, a, at + i, stride, rows);
        }
        for (; i <= n - LANES; i += LANES) {
            addOne(sums, i, a, at + i, stride, rows);
        }
        for (; i < n; i++) {
            double sum = sums[i];
            for (int row = 0, from = at + i; row < rows; row++, from += stride) {
                sum += a[from];
            }
            sums[i] = sum;
        }
    }

    /// Adds four vectors of each row: additions that need not wait for each other.
    private static void addFour(double[] sums, int i, float[] a, int at, int stride, int rows) {
        DoubleVector s0 = load(sums, i);
        DoubleVector s1 = load(sums, i + LANES);
        DoubleVector s2 = load(sums, i + 2 * LANES);
        DoubleVector s3 = load(sums, i + 3 * LANES);
        for (int row = 0, from = at; row < rows; row++, from += stride) {
            s0 = s0.add(load(a, from));
            s1 = s1.add(load(a, from + LANES));
            s2 = s2.add(load(a, from + 2 * LANES));
            s3 = s3.add(load(a, from + 3 * LANES));
        }
        s0.intoArray(sums, i);
        s1.intoArray(sums, i + LANES);
        s2.intoArray(sums, i + 2 * LANES);
        s3.intoArray(sums, i + 3 * LANES);
    }

    private static void addOne(double[] sums, int i, float[] a, int at, int stride, int rows) {
        DoubleVector s = load(sums, i);
        for (int row = 0, from = at; row < rows; row++, from += stride) {
            s = s.add(load(a, from));
        }
        s.intoArray(sums, i);
    }

    @Override
    void maximum(double[] results, float[] a, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector.fromArray(SPECIES, results, i).max(load(a, at + i)).intoArray(results, i);
        }
        for (; i < n; i++) {
            results[i] = Math.max(results[i], a[at + i]);
        }
    }

    @Override
    void minimum(double[] results, float[] a, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector.fromArray(SPECIES, results, i).min(load(a, at + i)).intoArray(results, i);
        }
        for (; i < n; i++) {
            results[i] = Math.min(results[i], a[at + i]);
        }
    }
}
