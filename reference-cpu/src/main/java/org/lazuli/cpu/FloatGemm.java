package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Matrix products of floats.
///
/// Rows of the right operand are packed into an array each, a block of columns at a time. Then two rows of the result
/// take in four packed rows in one loop with one index over six different arrays, which is the form that the JIT
/// vectorises, and with enough arithmetic for each element that is loaded.
final class FloatGemm {
    /// Columns to a block: the six rows of the inner loop fit the first-level cache.
    static final int COLUMNS = 512;

    /// Rows of the right operand to a block: they fit the second-level cache.
    private static final int DEPTH = 256;

    /// Rows of the result to a block, at least.
    private static final int ROWS = 64;

    /// Multiplications to a block, about: some tens of microseconds.
    private static final int GRAIN = 1 << 20;

    /// Multiplications that are worth the Vector API.
    static final long VECTOR_WORK = 1 << 11;

    /// Packed rows, kept by each thread.
    private static final ThreadLocal<float[][]> PANEL = ThreadLocal.withInitial(() -> new float[1][1]);

    /// Fewer columns than this are padded, since the inner loop would not pay.
    private static final int NARROW = 16;

    /// The right operand: fills blocks of its rows.
    interface Source {
        /// Stores elements (row + r, column + j) to `rows[r][j]` for r < depth and j < columns.
        void pack(int row, int depth, int column, int columns, float[][] rows);
    }

    private final @Nullable VectorGemm vectors;

    /// @param vectors what large products are computed with; null for plain loops
    FloatGemm(@Nullable VectorSupport vectors) {
        this.vectors = vectors == null ? null : new VectorGemm(vectors.micro());
    }

    /// Stores (n,k) times (k,m) to `c`, whose rows begin `stride` apart.
    void multiply(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        if (vectors != null && (long) n * m * k >= VECTOR_WORK) {
            vectors.multiply(n, m, k, a, b, c, at, stride);
        } else if (m < NARROW && n > m) {
            // The columns are what is vectorised, so a narrow product is better computed as its transpose.
            multiply(m, n, k, b.transposed(), packed(a.transposed()), c, at, 1, stride);
        } else {
            multiply(n, m, k, a, packed(b), c, at, stride, 1);
        }
    }

    /// Stores (n,k) times (k,m) to `c`, element (i, j) at `at + i * rowStride + j * columnStride`.
    void multiply(int n, int m, int k, Matrix a, Source b, float[] c, int at, int rowStride, int columnStride) {
        // Blocks of columns and rows are independent of each other. Rows are only split where they are so many that it
        // does not
        // matter that every block packs its columns for itself.
        int blocks = (m + COLUMNS - 1) / COLUMNS;
        int rows = Math.max(ROWS, (int) Math.min(n, GRAIN / Math.max((long) k * Math.min(m, COLUMNS), 1)));
        int chunks = (n + rows - 1) / rows;
        Workers.SHARED.run(blocks * chunks, part -> {
            int j = part % blocks * COLUMNS;
            int i = part / blocks * rows;
            int to = at + i * rowStride + j * columnStride;
            int columns = Math.min(m - j, COLUMNS);
            int count = Math.min(rows, n - i);
            block(count, k, a.from(i), b, j, columns, c, to, rowStride, columnStride);
        });
    }

    /// One block of columns, at most [#COLUMNS].
    static void block(
            int n,
            int k,
            Matrix a,
            Source b,
            int column,
            int columns,
            float[] c,
            int at,
            int rowStride,
            int columnStride) {
        if (columnStride == 1) {
            block(n, k, a, b, column, columns, c, at, rowStride);
            return;
        }
        float[] tile = Scratch.floats(Scratch.Use.TILE, n * columns);
        block(n, k, a, b, column, columns, tile, 0, columns);
        int i = 0;
        for (; i < n - 3; i += 4) {
            int from = i * columns;
            int to = at + i * rowStride;
            for (int j = 0; j < columns; j++, from++, to += columnStride) {
                c[to] = tile[from];
                c[to + rowStride] = tile[from + columns];
                c[to + 2 * rowStride] = tile[from + 2 * columns];
                c[to + 3 * rowStride] = tile[from + 3 * columns];
            }
        }
        for (; i < n; i++) {
            Runs.copy(tile, i * columns, 1, c, at + i * rowStride, columnStride, columns, 1);
        }
    }

    /// One block of columns that lie next to each other.
    private static void block(
            int n, int k, Matrix a, Source b, int column, int columns, float[] c, int at, int rowStride) {
        // With few rows each packed element is used little, so that it should not leave the first-level cache. Else
        // passes are as long as each other.
        int passes = Math.max((k + DEPTH - 1) / DEPTH, 1);
        int depth = Math.min(k, n < 8 ? 16 : ((k + passes - 1) / passes + 3) / 4 * 4);
        int width = Math.max(columns, NARROW);
        // Rows of zeros stand in where the depth is no multiple of four.
        float[][] rows = panel((depth + 3) / 4 * 4, width);
        float[] first = new float[width];
        float[] second = new float[width];
        float[] factors = new float[2 * ((depth + 3) / 4 * 4)];
        for (int p = 0; p == 0 || p < k; p += depth) {
            int part = Math.min(depth, k - p);
            if (part > 0) {
                b.pack(p, part, column, columns, rows);
            }
            int padded = (part + 3) / 4 * 4;
            for (int r = part; r < padded; r++) {
                Arrays.fill(rows[r], 0, width, 0);
            }
            for (int i = 0; i < n; i += 2) {
                boolean pair = i + 1 < n;
                if (part > 0) {
                    load(a, i, p, part, padded, pair, factors);
                }
                int to = at + i * rowStride;
                if (p == 0) {
                    Arrays.fill(first, 0);
                    Arrays.fill(second, 0);
                } else {
                    System.arraycopy(c, to, first, 0, columns);
                    if (pair) {
                        System.arraycopy(c, to + rowStride, second, 0, columns);
                    }
                }
                for (int r = 0; r < padded; r += 4) {
                    if (pair) {
                        accumulate(factors, r, padded + r, rows, first, second, width);
                    } else {
                        accumulate(factors, r, rows, first, width);
                    }
                }
                System.arraycopy(first, 0, c, to, columns);
                if (pair) {
                    System.arraycopy(second, 0, c, to + rowStride, columns);
                }
            }
            if (k == 0) {
                return;
            }
        }
    }

    private static float[][] panel(int rows, int width) {
        float[][] panel = PANEL.get();
        if (panel.length < rows || panel[0].length < width) {
            panel = new float[Math.max(rows, panel.length)][Math.max(width, panel[0].length)];
            PANEL.set(panel);
        }
        return panel;
    }

    /// A matrix as a right operand.
    private static Source packed(Matrix b) {
        float[] x = (float[]) b.array();
        return (row, depth, column, columns, rows) -> {
            int at = b.at() + row * b.rowStride() + column * b.columnStride();
            if (b.rowStride() == 1 && b.columnStride() != 1) {
                transpose(x, at, b.columnStride(), depth, columns, rows);
                return;
            }
            for (int r = 0; r < depth; r++) {
                Runs.copy(x, at + r * b.rowStride(), b.columnStride(), rows[r], 0, 1, columns, 1);
            }
        };
    }

    /// Packs a matrix that lies by columns, several rows at a time, so that what is read together is used together.
    private static void transpose(float[] x, int at, int stride, int depth, int columns, float[][] rows) {
        int r = 0;
        for (; r < depth - 3; r += 4) {
            float[] r0 = rows[r];
            float[] r1 = rows[r + 1];
            float[] r2 = rows[r + 2];
            float[] r3 = rows[r + 3];
            for (int j = 0, from = at + r; j < columns; j++, from += stride) {
                r0[j] = x[from];
                r1[j] = x[from + 1];
                r2[j] = x[from + 2];
                r3[j] = x[from + 3];
            }
        }
        for (; r < depth; r++) {
            Runs.copy(x, at + r, stride, rows[r], 0, 1, columns, 1);
        }
    }

    /// Part of row `i` of `a`, and of the row after it if `pair`, each padded with zeros.
    private static void load(Matrix a, int i, int p, int part, int padded, boolean pair, float[] factors) {
        int at = a.at() + i * a.rowStride() + p * a.columnStride();
        Runs.copy(a.array(), at, a.columnStride(), factors, 0, 1, part, 1);
        Arrays.fill(factors, part, padded, 0);
        if (pair) {
            Runs.copy(a.array(), at + a.rowStride(), a.columnStride(), factors, padded, 1, part, 1);
            Arrays.fill(factors, padded + part, 2 * padded, 0);
        }
    }

    private static void accumulate(
            float[] f, int p, int q, float[][] rows, float[] first, float[] second, int columns) {
        accumulate(
                f[p],
                f[p + 1],
                f[p + 2],
                f[p + 3],
                f[q],
                f[q + 1],
                f[q + 2],
                f[q + 3],
                rows[p],
                rows[p + 1],
                rows[p + 2],
                rows[p + 3],
                first,
                second,
                columns);
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
