package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// A matrix in double, an array for each row: what decompositions work on, whatever the dtype of their operands.
///
/// Loops run along rows, which the JIT compiler vectorises. Imaginary parts are there for complex matrices only.
final class Dense {
    final int rows;
    final int columns;
    final double[][] re;
    final double @Nullable [][] im;

    Dense(int rows, int columns, boolean complex) {
        this.rows = rows;
        this.columns = columns;
        this.re = new double[rows][columns];
        this.im = complex ? new double[rows][columns] : null;
    }

    /// A matrix of a batch.
    ///
    /// @param elements the elements of the whole batch in row-major order, as [Widened] gives them
    /// @param number which matrix
    static Dense read(Object elements, DType dtype, int number, int rows, int columns) {
        Dense result = new Dense(rows, columns, dtype.isComplex());
        int at = number * rows * columns;
        for (int i = 0; i < rows; i++, at += columns) {
            double[] re = result.re[i];
            switch (elements) {
                case double[] doubles -> System.arraycopy(doubles, at, re, 0, columns);
                case float[] floats
                when result.im != null -> {
                    double[] im = result.im[i];
                    for (int j = 0; j < columns; j++) {
                        re[j] = floats[2 * (at + j)];
                        im[j] = floats[2 * (at + j) + 1];
                    }
                }
                case float[] floats -> {
                    for (int j = 0; j < columns; j++) {
                        re[j] = floats[at + j];
                    }
                }
                default -> throw new IllegalArgumentException("not floating point: " + elements.getClass());
            }
        }
        return result;
    }

    /// Stores this as a matrix of a batch, rounded to the dtype.
    void write(Tensor output, int number) {
        write(output, number * rows * columns, rows, columns);
    }

    /// Stores the first rows and columns.
    void write(Tensor output, int at, int height, int width) {
        Object to = Storage.array(output);
        boolean complex = output.dtype().isComplex();
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                int element = at + i * width + j;
                if (to instanceof double[] doubles) {
                    doubles[element] = re[i][j];
                } else if (complex) {
                    ((float[]) to)[2 * element] = (float) re[i][j];
                    ((float[]) to)[2 * element + 1] = im == null ? 0 : (float) im[i][j];
                } else {
                    ((float[]) to)[element] = (float) re[i][j];
                }
            }
        }
    }

    static Dense identity(int n, boolean complex) {
        return identity(n, n, complex);
    }

    static Dense identity(int rows, int columns, boolean complex) {
        Dense result = new Dense(rows, columns, complex);
        for (int i = 0; i < Math.min(rows, columns); i++) {
            result.re[i][i] = 1;
        }
        return result;
    }

    boolean isComplex() {
        return im != null;
    }

    double imaginary(int i, int j) {
        return im == null ? 0 : im[i][j];
    }

    void set(int i, int j, double real, double imaginary) {
        re[i][j] = real;
        if (im != null) {
            im[i][j] = imaginary;
        }
    }

    double modulus(int i, int j) {
        return im == null ? Math.abs(re[i][j]) : Math.hypot(re[i][j], im[i][j]);
    }

    boolean isFinite() {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                if (!Double.isFinite(re[i][j]) || !Double.isFinite(imaginary(i, j))) {
                    return false;
                }
            }
        }
        return true;
    }

    void fill(double value) {
        for (int i = 0; i < rows; i++) {
            java.util.Arrays.fill(re[i], value);
            if (im != null) {
                java.util.Arrays.fill(im[i], value);
            }
        }
    }

    /// Multiplies by the power of two that brings the largest part between 1/2 and 1, so that squares neither overflow nor vanish.
    ///
    /// @return what results have to be multiplied by
    double normalize() {
        double largest = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                largest = Math.max(largest, Math.max(Math.abs(re[i][j]), Math.abs(imaginary(i, j))));
            }
        }
        if (largest == 0) {
            return 1;
        }
        int exponent = Math.getExponent(Math.max(largest, Double.MIN_NORMAL)) + 1;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                re[i][j] = Math.scalb(re[i][j], -exponent);
                if (im != null) {
                    im[i][j] = Math.scalb(im[i][j], -exponent);
                }
            }
        }
        return Math.scalb(1.0, exponent);
    }

    /// The transpose, conjugated.
    Dense adjoint() {
        return transposed(-1);
    }

    /// The transpose, not conjugated.
    Dense transposed() {
        return transposed(1);
    }

    private Dense transposed(int sign) {
        Dense result = new Dense(/* rows= */ columns, /* columns= */ rows, im != null);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.set(j, i, re[i][j], sign * imaginary(i, j));
            }
        }
        return result;
    }

    void swapRows(int a, int b) {
        double[] row = re[a];
        re[a] = re[b];
        re[b] = row;
        if (im != null) {
            double[] other = im[a];
            im[a] = im[b];
            im[b] = other;
        }
    }

    /// Adds a multiple of row `from` of `source` to row `to`, in the columns from `start` on.
    void add(int to, double real, double imaginary, Dense source, int from, int start) {
        double[] x = source.re[from];
        double[] y = re[to];
        if (im == null || source.im == null) {
            for (int j = start; j < columns; j++) {
                y[j] += real * x[j];
            }
            return;
        }
        double[] xi = source.im[from];
        double[] yi = im[to];
        for (int j = start; j < columns; j++) {
            y[j] += real * x[j] - imaginary * xi[j];
            yi[j] += real * xi[j] + imaginary * x[j];
        }
    }

    /// Multiplies a row, in the columns from `start` on.
    void scale(int row, double factor, int start) {
        for (int j = start; j < columns; j++) {
            re[row][j] *= factor;
        }
        for (int j = start; im != null && j < columns; j++) {
            im[row][j] *= factor;
        }
    }

    /// Turns two rows: (a, b) becomes (c a - s b, s a + c b).
    void rotate(int a, int b, double c, double s) {
        rotate(re[a], re[b], c, s);
        if (im != null) {
            rotate(im[a], im[b], c, s);
        }
    }

    private static void rotate(double[] a, double[] b, double c, double s) {
        for (int j = 0; j < a.length; j++) {
            double x = a[j];
            double y = b[j];
            a[j] = c * x - s * y;
            b[j] = s * x + c * y;
        }
    }

    /// Multiplies a row by a complex number.
    void turn(int row, double real, double imaginary) {
        double[] x = re[row];
        if (im == null) {
            for (int j = 0; j < columns; j++) {
                x[j] *= real;
            }
            return;
        }
        double[] y = im[row];
        for (int j = 0; j < columns; j++) {
            double old = x[j];
            x[j] = old * real - y[j] * imaginary;
            y[j] = old * imaginary + y[j] * real;
        }
    }

    double squaredNorm(int row) {
        double sum = dot(re[row], re[row]);
        return im == null ? sum : sum + dot(im[row], im[row]);
    }

    /// The real part of the inner product of two rows, the first conjugated.
    double innerReal(int a, int b) {
        double sum = dot(re[a], re[b]);
        return im == null ? sum : sum + dot(im[a], im[b]);
    }

    /// Its imaginary part.
    double innerImaginary(int a, int b) {
        return im == null ? 0 : dot(re[a], im[b]) - dot(im[a], re[b]);
    }

    /// Eight sums side by side, since one would wait for itself.
    private static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int j = 0;
        for (; j < a.length - 7; j += 8) {
            s0 += a[j] * b[j];
            s1 += a[j + 1] * b[j + 1];
            s2 += a[j + 2] * b[j + 2];
            s3 += a[j + 3] * b[j + 3];
            s4 += a[j + 4] * b[j + 4];
            s5 += a[j + 5] * b[j + 5];
            s6 += a[j + 6] * b[j + 6];
            s7 += a[j + 7] * b[j + 7];
        }
        for (; j < a.length; j++) {
            s0 += a[j] * b[j];
        }
        return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
    }
}
