package org.lazuli.cpu;

import java.util.Arrays;

/// The innermost loops of products of float matrices: what runs in registers. Around them, [FloatGemm] and [Convolutions] only cut work into
/// pieces and see to it that operands lie well.
///
/// Every position and stride counts floats. Nothing is read or written beyond what the parameters say.
abstract class MicroKernel {
    /// The rows of the larger of the two tiles.
    abstract int rows();

    /// The columns in a vector.
    abstract int lanes();

    /// Stores, or adds, the product of a few rows of `a` and a few columns of `b` to a tile of `c`.
    ///
    /// @param rows 4, or [#rows]
    /// @param vectors how many times [#lanes] columns: 1 or 2
    /// @param aRow the distance of elements in a column of `a`, and `aColumn` in a row
    /// @param bRow the distance of rows of `b`, whose elements lie next to each other
    /// @param depth how many columns of `a` meet as many rows of `b`
    /// @param add whether the product is added to what the tile holds
    abstract void multiply(
            int rows,
            int vectors,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add);

    /// [#multiply] of so many tiles, each so much further in each array than the one before. What lies around a tile's loop takes a tenth of the time
    /// of a short one.
    void multiplyEach(
            int times,
            int aStep,
            int bStep,
            int cStep,
            int rows,
            int vectors,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        for (int i = 0; i < times; i++) {
            int from = aAt + i * aStep;
            multiply(
                    rows,
                    vectors,
                    a,
                    from,
                    aRow,
                    aColumn,
                    b,
                    bAt + i * bStep,
                    bRow,
                    depth,
                    c,
                    cAt + i * cStep,
                    cRow,
                    add);
        }
    }

    /// Stores the sum of the products of `count` lines of eight rows of `a`, each of `depth` elements that lie next to each other, and as many rows of `b`,
    /// packed in rows of two vectors. Slow where vectors have eight lanes, for want of registers.
    ///
    /// @param aRow the distance of rows of `a`
    /// @param aLine the distance of lines in `a`, and `bLine` in `b`
    abstract void lines(
            float[] a,
            int aAt,
            int aRow,
            int aLine,
            float[] b,
            int bAt,
            int bLine,
            int count,
            int depth,
            float[] c,
            int cAt,
            int cRow);

    /// Stores the inner products of `rows` rows of `a` with `columns` lines of `b`, whose elements lie next to each other each, without adding up lanes:
    /// those of row r and line j are the vector `r * columns + j` of `sums` from `at` on. [#fold] adds them up.
    ///
    /// @param rows a multiple of four
    /// @param columns a multiple of [VectorInner#COLUMNS]
    /// @param depth a multiple of [#lanes]
    void inner(
            float[] a,
            int aAt,
            int aRow,
            int rows,
            float[] b,
            int bAt,
            int bLine,
            int columns,
            int depth,
            float[] sums,
            int at) {
        int size = lanes();
        Arrays.fill(sums, at, at + rows * columns * size, 0);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                int to = at + (r * columns + j) * size;
                for (int p = 0; p < depth; p += size) {
                    multiplyAdd(a, aAt + r * aRow + p, b, bAt + j * bLine + p, sums, to, size);
                }
            }
        }
    }

    private static void multiplyAdd(float[] a, int aAt, float[] b, int bAt, float[] sums, int at, int n) {
        for (int i = 0; i < n; i++) {
            sums[at + i] = Math.fma(a[aAt + i], b[bAt + i], sums[at + i]);
        }
    }

    /// Stores the total of each of `count` vectors of `sums` from `at` on, neighbours first, then pairs of them, and so on. What else `to` has of the last vector
    /// is anybody's, and so is what is left in `sums`, which are read one vector further.
    void fold(float[] sums, int at, int count, float[] to) {
        int size = lanes();
        for (int i = 0; i < count; i++) {
            int from = at + i * size;
            for (int half = size / 2; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    sums[from + l] = sums[from + 2 * l] + sums[from + 2 * l + 1];
                }
            }
            to[i] = sums[from];
        }
    }

    /// Stores, or adds, to `y[yAt]`… the inner products of `count` rows of `a`, of `n` elements that lie next to each other, with `x`.
    abstract void dots(float[] a, int at, int row, int count, float[] x, int n, float[] y, int yAt, boolean add);

    /// Adds the sum of `count` rows of `a`, of `n` elements that lie next to each other, each times its element of `x`, to `y[yAt]`…
    abstract void sweep(float[] a, int at, int row, int count, float[] x, float[] y, int yAt, int n);

    /// Stores lines of `a` that begin `row` apart side by side: element p of line r to `to[at + p * step + r]`.
    void transpose(float[] a, int aAt, int row, int lines, int depth, float[] to, int at, int step) {
        for (int r = 0; r < lines; r++) {
            int from = aAt + r * row;
            int o = at + r;
            for (int p = 0; p < depth; p++) {
                to[o + p * step] = a[from + p];
            }
        }
    }

    /// Stores `depth` pieces of lines, each of `n` elements, `step` apart. Pieces begin `row` apart in `a`.
    void gather(float[] a, int aAt, int row, int n, int depth, float[] to, int at, int step) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(a, aAt + p * row, to, at + p * step, n);
        }
    }

    /// [#gather] of strips of eight elements side by side, each to a place of its own: piece p of strip s to `to[at + (s * depth + p) * 8]`….
    void gatherStrips(float[] a, int aAt, int row, int strips, int depth, float[] to, int at) {
        for (int strip = 0; strip < strips; strip++) {
            gather(a, aAt + strip * 8, row, 8, depth, to, at + strip * depth * 8, 8);
        }
    }

    /// The rows of a tile of doubles.
    abstract int doubleRows();

    /// The columns of a tile of doubles.
    abstract int doubleColumns();

    /// Stores, or adds, the product of packed doubles to a tile of `c`: of [#doubleRows] rows, of which each column lies together in `a`, and
    /// [#doubleColumns] columns, of which each row lies together in `b` from `bAt` on.
    abstract void multiply(double[] a, double[] b, int bAt, int depth, double[] c, int cAt, int cRow, boolean add);
}
