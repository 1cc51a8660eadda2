package org.lazuli.conformance.laws;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;

/// Reads arrays as doubles.
final class Numbers {
    private Numbers() {}

    /// The elements in row-major order; complex64 as pairs of real and imaginary parts, 64-bit integers rounded.
    static double[] of(Array array) {
        if (array.dtype().isComplex()) {
            Shape pairs = array.shape().concat(Shape.of(2));
            return array.reshape(array.shape().concat(Shape.of(1)))
                    .view(DType.FLOAT32)
                    .reshape(pairs)
                    .toDoubleArray();
        }
        return (array.dtype().isInteger() && array.dtype().bytes() == 8 ? array.astype(DType.FLOAT64) : array)
                .toDoubleArray();
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
