package org.lazuli.cpu;

/// Sums and extremes in double, of rows and side by side.
abstract class DoubleSums {
    abstract double sum(float[] a, int from, int to);

    abstract double sum(double[] a, int from, int to);

    /// Adds `a[at]`… to the first `n` sums.
    abstract void add(double[] sums, double[] a, int at, int n);

    /// Adds the elements of several rows to the first `n` sums, one row after the other.
    ///
    /// @param at where the first row begins
    /// @param stride from one row to the next
    abstract void add(double[] sums, float[] a, int at, int stride, int rows, int n);

    /// Takes `a[at]`… where it is larger than what is there, or NaN.
    abstract void maximum(double[] results, float[] a, int at, int n);

    abstract void minimum(double[] results, float[] a, int at, int n);
}
