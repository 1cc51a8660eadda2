package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Region;

/// The Hadamard transform: products with a matrix of 1 and -1 whose rows are at right angles.
///
/// The matrix is the Kronecker product of one of order 1, 12, 20 or 28 and of as many of order 2 as it takes. It is applied factor by
/// factor: the axis is seen as several, and along each of them there is a product with a small matrix.
public final class Hadamard {
    /// As much of the power of two as one matrix product takes on.
    private static final int FACTOR = 64;

    private Hadamard() {}

    public static Array transform(Array x, double scale) {
        int n = length(x);
        int order = order(n, x.shape());
        return Region.own(() -> {
            DType dtype = x.dtype().isInexact() ? x.dtype() : DType.FLOAT32;
            // Half precision is rounded once, at the end.
            DType wide = dtype == DType.FLOAT64 || dtype.isComplex() ? dtype : DType.FLOAT32;
            Array result = Elementwise.cast(x, wide);
            int inner = n;
            if (order > 1) {
                inner /= order;
                result = along(result, matrix(order), inner);
            }
            while (inner > 1) {
                int factor = Math.min(inner, FACTOR);
                inner /= factor;
                result = along(result, sylvester(factor), inner);
            }
            result = scale == 1 ? result : result.mul(scale);
            return Elementwise.cast(Shapes.reshape(result, x.shape()), dtype);
        });
    }

    /// The transform whose inverse is its transpose.
    public static Array transform(Array x) {
        return transform(x, 1 / Math.sqrt(length(x)));
    }

    private static int length(Array x) {
        if (x.ndim() == 0 || x.dim(-1) == 0) {
            throw new IllegalArgumentException(
                    "hadamardTransform: needs an axis that is not empty, got shape " + x.shape());
        }
        return x.dim(-1);
    }

    private static int order(int n, Shape shape) {
        for (int order : new int[] {1, 12, 20, 28}) {
            if (n % order == 0 && Integer.bitCount(n / order) == 1) {
                return order;
            }
        }
        throw new IllegalArgumentException("hadamardTransform: the last axis of shape " + shape + " has size " + n
                + ", which is not 1, 12, 20 or 28 times a power of two; pad it");
    }

    /// The product with a matrix along the axis whose elements are `inner` apart.
    private static Array along(Array x, float[][] matrix, int inner) {
        int n = matrix.length;
        Array factor = HostData.of(matrix, null).astype(x.dtype());
        if (inner == 1) {
            return Shapes.reshape(x, Shape.of(x.size() / n, n)).matmul(Shapes.transpose(factor));
        }
        return factor.matmul(Shapes.reshape(x, Shape.of(x.size() / n / inner, n, inner)));
    }

    /// Of a power of two (J. Sylvester, 1867): -1 where the numbers of row and column have an odd number of common bits.
    private static float[][] sylvester(int n) {
        float[][] matrix = new float[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                matrix[i][j] = Integer.bitCount(i & j) % 2 == 0 ? 1 : -1;
            }
        }
        return matrix;
    }

    /// Those of the library of N. Sloane that MLX takes.
    private static float[][] matrix(int order) {
        return switch (order) {
            case 12 -> paley();
            case 20 -> williamson("+----", "+----", "++--+", "+-++-");
            default -> williamson("+------", "++----+", "+-+--+-", "+--++--");
        };
    }

    /// Of order 12 (R. Paley, *On orthogonal matrices*, 1933): from which numbers are squares modulo 5.
    private static float[][] paley() {
        float[][] matrix = new float[12][12];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                int difference = Math.floorMod(j - i, 5);
                boolean square = i == 0 || j == 0 || difference == 1 || difference == 4;
                // On the diagonal stand other blocks than beside it.
                float sign = i == j || square ? 1 : -1;
                matrix[2 * i][2 * j] = sign;
                matrix[2 * i][2 * j + 1] = i == j ? -1 : sign;
                matrix[2 * i + 1][2 * j] = i == j ? -1 : sign;
                matrix[2 * i + 1][2 * j + 1] = -sign;
            }
        }
        return matrix;
    }

    /// From four circulant matrices, given by their first rows (J. Williamson, *Hadamard's determinant theorem and the sum of four
    /// squares*, 1944).
    private static float[][] williamson(String a, String b, String c, String d) {
        String[] rows = {a, b, c, d};
        int[][] blocks = {{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
        int[][] signs = {{1, 1, 1, 1}, {-1, 1, -1, 1}, {-1, 1, 1, -1}, {-1, -1, 1, 1}};
        int n = a.length();
        float[][] matrix = new float[4 * n][4 * n];
        for (int i = 0; i < 4 * n; i++) {
            for (int j = 0; j < 4 * n; j++) {
                char sign = rows[blocks[i / n][j / n]].charAt(Math.floorMod(j % n - i % n, n));
                matrix[i][j] = (sign == '+' ? 1 : -1) * signs[i / n][j / n];
            }
        }
        return matrix;
    }
}
