package org.lazuli.cpu;

import java.util.Arrays;

/// Matrix products of floats.
///
/// The rows of `b` are packed into an array each, a block of columns at a time. Then two rows of the result take in
/// four rows of `b` in one loop with one index over six different arrays, which is the form that the JIT vectorises,
/// and with enough arithmetic for each element that is loaded.
final class FloatGemm {
    /// Columns to a block: the six rows of the inner loop fit the first-level cache.
    private static final int COLUMNS = 512;

    /// Rows of `b` to a block: they fit the second-level cache.
    private static final int DEPTH = 256;

    private FloatGemm() {}

    /// Stores (n,k) times (k,m) to rows of `c`, `stride` apart.
    static void multiply(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        if (n == 0 || m == 0) {
            return;
        }
        float[] x = (float[]) a.array();
        int width = Math.min(m, COLUMNS);
        int depth = Math.min(k, DEPTH);
        // One more row than there may be, of zeros, stands in where the depth is no multiple of four.
        float[][] rows = new float[(depth + 3) / 4 * 4][width];
        float[] first = new float[width];
        float[] second = new float[width];
        float[] factors = new float[2 * rows.length];
        for (int j = 0; j < m; j += width) {
            int columns = Math.min(width, m - j);
            if (k == 0) {
                for (int i = 0; i < n; i++) {
                    Arrays.fill(c, at + i * stride + j, at + i * stride + j + columns, 0);
                }
            }
            for (int p = 0; p < k; p += depth) {
                int block = Math.min(depth, k - p);
                int padded = (block + 3) / 4 * 4;
                pack(b.shifted(p * b.rowStride() + j * b.columnStride()), block, columns, rows);
                for (int r = block; r < padded; r++) {
                    Arrays.fill(rows[r], 0);
                }
                for (int i = 0; i < n; i += 2) {
                    boolean pair = i + 1 < n;
                    load(x, a.at() + i * a.rowStride() + p * a.columnStride(), a, block, pair, factors, padded);
                    int to = at + i * stride + j;
                    if (p == 0) {
                        Arrays.fill(first, 0, columns, 0);
                        Arrays.fill(second, 0, columns, 0);
                    } else {
                        System.arraycopy(c, to, first, 0, columns);
                        if (pair) {
                            System.arraycopy(c, to + stride, second, 0, columns);
                        }
                    }
                    for (int r = 0; r < padded; r += 4) {
                        if (pair) {
                            accumulate(factors, r, padded + r, rows, first, second, columns);
                        } else {
                            accumulate(factors, r, rows, first, columns);
                        }
                    }
                    System.arraycopy(first, 0, c, to, columns);
                    if (pair) {
                        System.arraycopy(second, 0, c, to + stride, columns);
                    }
                }
            }
        }
    }

    private static void pack(Matrix b, int depth, int columns, float[][] rows) {
        if (b.columnStride() == 1 || b.rowStride() != 1) {
            for (int r = 0; r < depth; r++) {
                Runs.copy(b.array(), b.at() + r * b.rowStride(), b.columnStride(), rows[r], 0, 1, columns, 1);
            }
            return;
        }
        // A transposed matrix is read as it lies.
        float[] x = (float[]) b.array();
        for (int j = 0; j < columns; j++) {
            int from = b.at() + j * b.columnStride();
            for (int r = 0; r < depth; r++) {
                rows[r][j] = x[from + r];
            }
        }
    }

    /// One row of `a`, or two one after the other, padded with zeros.
    private static void load(float[] x, int at, Matrix a, int depth, boolean pair, float[] factors, int padded) {
        Arrays.fill(factors, 0);
        for (int r = 0; r < depth; r++) {
            factors[r] = x[at + r * a.columnStride()];
        }
        if (pair) {
            for (int r = 0; r < depth; r++) {
                factors[padded + r] = x[at + a.rowStride() + r * a.columnStride()];
            }
        }
    }

    private static void accumulate(
            float[] f, int p, int q, float[][] rows, float[] first, float[] second, int columns) {
        float p0 = f[p];
        float p1 = f[p + 1];
        float p2 = f[p + 2];
        float p3 = f[p + 3];
        float q0 = f[q];
        float q1 = f[q + 1];
        float q2 = f[q + 2];
        float q3 = f[q + 3];
        accumulate(
                p0, p1, p2, p3, q0, q1, q2, q3, rows[p], rows[p + 1], rows[p + 2], rows[p + 3], first, second, columns);
    }

    private static void accumulate(
            float p0,
            float p1,
            float p2,
            float p3,
            float q0,
            float q1,
            float q2,
            float q3,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[] first,
            float[] second,
            int columns) {
        for (int j = 0; j < columns; j++) {
            first[j] = first[j] + p0 * b0[j] + p1 * b1[j] + p2 * b2[j] + p3 * b3[j];
            second[j] = second[j] + q0 * b0[j] + q1 * b1[j] + q2 * b2[j] + q3 * b3[j];
        }
    }

    private static void accumulate(float[] f, int p, float[][] rows, float[] first, int columns) {
        accumulate(f[p], f[p + 1], f[p + 2], f[p + 3], rows[p], rows[p + 1], rows[p + 2], rows[p + 3], first, columns);
    }

    private static void accumulate(
            float p0,
            float p1,
            float p2,
            float p3,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[] first,
            int columns) {
        for (int j = 0; j < columns; j++) {
            first[j] = first[j] + p0 * b0[j] + p1 * b1[j] + p2 * b2[j] + p3 * b3[j];
        }
    }
}
