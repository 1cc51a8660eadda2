package org.lazuli.cpu;

/// [VectorSums], and plain loops that give the same bits in a program that is short: see [Handover].
final class StartingSums extends DoubleSums {
    /// What an element costs a plain loop, in multiplications.
    private static final int COST = 4;

    private final DoubleSums vectors;
    private final int lanes;
    private final Handover sum = new Handover();
    private final Handover add = new Handover();
    private final Handover addRows = new Handover();

    StartingSums(DoubleSums vectors, int lanes) {
        this.vectors = vectors;
        this.lanes = lanes;
    }

    @Override
    double sum(float[] a, int from, int to) {
        if (sum.isDone()) {
            return vectors.sum(a, from, to);
        }
        double[] s = new double[4 * lanes];
        int i = from;
        for (; i <= to - s.length; i += s.length) {
            for (int j = 0; j < s.length; j++) {
                s[j] += a[i + j];
            }
        }
        double result = together(s);
        for (; i < to; i++) {
            result += a[i];
        }
        sum.count((long) COST * (to - from));
        return result;
    }

    @Override
    double sum(double[] a, int from, int to) {
        if (sum.isDone()) {
            return vectors.sum(a, from, to);
        }
        double[] s = new double[4 * lanes];
        int i = from;
        for (; i <= to - s.length; i += s.length) {
            for (int j = 0; j < s.length; j++) {
                s[j] += a[i + j];
            }
        }
        double result = together(s);
        for (; i < to; i++) {
            result += a[i];
        }
        sum.count((long) COST * (to - from));
        return result;
    }

    /// The sum of the sums of the lanes of four vectors, in the order of [VectorSums].
    private double together(double[] s) {
        for (int j = 0; j < lanes; j++) {
            s[j] = s[j] + s[lanes + j] + (s[2 * lanes + j] + s[3 * lanes + j]);
        }
        for (int half = lanes / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                s[j] += s[j + half];
            }
        }
        return s[0];
    }

    @Override
    void add(double[] sums, double[] a, int at, int n) {
        if (add.isDone()) {
            vectors.add(sums, a, at, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            sums[i] += a[at + i];
        }
        add.count((long) COST * n);
    }

    @Override
    void add(double[] sums, float[] a, int at, int stride, int rows, int n) {
        if (addRows.isDone()) {
            vectors.add(sums, a, at, stride, rows, n);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int from = at + row * stride;
            for (int i = 0; i < n; i++) {
                sums[i] += a[from + i];
            }
        }
        addRows.count((long) COST * rows * n);
    }

    @Override
    void maximum(double[] results, float[] a, int at, int n) {
        vectors.maximum(results, a, at, n);
    }

    @Override
    void minimum(double[] results, float[] a, int at, int n) {
        vectors.minimum(results, a, at, n);
    }
}
