package org.lazuli.conformance;

import org.lazuli.Shape;

/// A small complex matrix, for the definitions of decompositions.
record Matrix(int rows, int columns, double[] re, double[] im) {
    static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[rows * columns], new double[rows * columns]);
    }

    static Matrix identity(int n) {
        Matrix result = zeros(n, n);
        for (int i = 0; i < n; i++) {
            result.re[i * n + i] = 1;
        }
        return result;
    }

    /// A matrix of a batch.
    static Matrix of(HostTensor tensor, int number) {
        Shape shape = tensor.shape();
        return of(tensor, number, shape.dim(-2), shape.dim(-1));
    }

    /// A vector of a batch, on the diagonal of a matrix.
    static Matrix diagonal(HostTensor tensor, int number, int rows, int columns) {
        int k = tensor.shape().dim(-1);
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < k; i++) {
            result.re[i * columns + i] = tensor.number(number * k + i);
            result.im[i * columns + i] = imaginary(tensor, number * k + i);
        }
        return result;
    }

    private static Matrix of(HostTensor tensor, int number, int rows, int columns) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            result.re[i] = tensor.number(number * rows * columns + i);
            result.im[i] = imaginary(tensor, number * rows * columns + i);
        }
        return result;
    }

    private static double imaginary(HostTensor tensor, int i) {
        return tensor.dtype().isComplex() ? tensor.imaginary(i) : 0;
    }

    double abs(int i, int j) {
        return Math.hypot(re[i * columns + j], im[i * columns + j]);
    }

    Matrix times(Matrix other) {
        Matrix result = zeros(rows, other.columns);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                double a = re[i * columns + k];
                double b = im[i * columns + k];
                for (int j = 0; j < other.columns; j++) {
                    double c = other.re[k * other.columns + j];
                    double d = other.im[k * other.columns + j];
                    result.re[i * other.columns + j] += a * c - b * d;
                    result.im[i * other.columns + j] += a * d + b * c;
                }
            }
        }
        return result;
    }

    Matrix minus(Matrix other) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < re.length; i++) {
            result.re[i] = re[i] - other.re[i];
            result.im[i] = im[i] - other.im[i];
        }
        return result;
    }

    Matrix adjoint() {
        Matrix result = zeros(/* rows= */ columns, /* columns= */ rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.re[j * rows + i] = re[i * columns + j];
                result.im[j * rows + i] = -im[i * columns + j];
            }
        }
        return result;
    }

    /// The magnitudes of all elements.
    Matrix magnitudes() {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.re[i * columns + j] = abs(i, j);
            }
        }
        return result;
    }

    /// One triangle with the diagonal; zeros elsewhere.
    Matrix triangle(boolean upper) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = upper ? i : 0; j < (upper ? columns : Math.min(i + 1, columns)); j++) {
                result.re[i * columns + j] = re[i * columns + j];
                result.im[i * columns + j] = im[i * columns + j];
            }
        }
        return result;
    }

    /// The Hermitian matrix that has this triangle.
    Matrix hermitian(boolean upper) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                boolean stored = upper ? i <= j : i >= j;
                int from = stored ? i * columns + j : j * columns + i;
                result.re[i * columns + j] = re[from];
                result.im[i * columns + j] = i == j ? 0 : stored ? im[from] : -im[from];
            }
        }
        return result;
    }

    /// Rows in another order.
    Matrix ordered(int... order) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(re, order[i] * columns, result.re, i * columns, columns);
            System.arraycopy(im, order[i] * columns, result.im, i * columns, columns);
        }
        return result;
    }

    /// The first rows and columns.
    Matrix part(int height, int width) {
        Matrix result = zeros(height, width);
        for (int i = 0; i < height; i++) {
            System.arraycopy(re, i * columns, result.re, i * width, width);
            System.arraycopy(im, i * columns, result.im, i * width, width);
        }
        return result;
    }

    /// The Frobenius norm; NaN if there is one.
    double norm() {
        double sum = 0;
        for (int i = 0; i < re.length; i++) {
            sum += re[i] * re[i] + im[i] * im[i];
        }
        return Math.sqrt(sum);
    }
}
