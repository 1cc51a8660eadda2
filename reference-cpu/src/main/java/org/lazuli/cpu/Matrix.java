package org.lazuli.cpu;

/// A matrix in an array: element (i, j) at `at + i * rowStride + j * columnStride`.
///
/// @param array a `float[]` or `double[]`
record Matrix(Object array, int at, int rowStride, int columnStride) {
    /// The rows from `i` on.
    Matrix from(int i) {
        return new Matrix(array, at + i * rowStride, rowStride, columnStride);
    }

    /// The columns from `j` on.
    Matrix fromColumn(int j) {
        return new Matrix(array, at + j * columnStride, rowStride, columnStride);
    }

    Matrix transposed() {
        return new Matrix(array, at, columnStride, rowStride);
    }
}
