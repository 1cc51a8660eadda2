package org.lazuli.cpu;

import java.util.Arrays;

/// [VectorMicroKernel], and plain loops that give the same bits in a program that is short: see [Handover].
final class StartingKernel extends MicroKernel {
    private final MicroKernel vectors;
    private final int lanes;

    /// By rows, columns and the way operands lie: each is a loop of its own.
    private final Handover[] tiles = new Handover[8];

    private final Handover inner = new Handover();

    StartingKernel(MicroKernel vectors) {
        this.vectors = vectors;
        lanes = vectors.lanes();
        for (int kind = 0; kind < tiles.length; kind++) {
            tiles[kind] = new Handover();
        }
    }

    /// Which of the loops it is.
    private int kind(int rows, int count, int aRow, int aColumn) {
        return (rows == 4 ? 0 : 4) + (count == 1 ? 0 : aColumn == 1 ? 1 : aRow == 1 ? 2 : 3);
    }

    @Override
    int rows() {
        return vectors.rows();
    }

    @Override
    int lanes() {
        return lanes;
    }

    @Override
    void multiply(
            int rows,
            int count,
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
        Handover handover = tiles[kind(rows, count, aRow, aColumn)];
        if (handover.isDone()) {
            vectors.multiply(rows, count, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
            return;
        }
        int n = count * lanes;
        for (int r = 0; r < rows; r++) {
            if (!add) {
                Arrays.fill(c, cAt + r * cRow, cAt + r * cRow + n, 0);
            }
            row(a, aAt + r * aRow, aColumn, b, bAt, bRow, depth, c, cAt + r * cRow, n);
        }
        handover.count((long) rows * n * depth);
    }

    @Override
    void multiplyEach(
            int times,
            int aStep,
            int bStep,
            int cStep,
            int rows,
            int count,
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
        if (tiles[kind(rows, count, aRow, aColumn)].isDone()) {
            vectors.multiplyEach(
                    times, aStep, bStep, cStep, rows, count, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow,
                    add);
        } else {
            super.multiplyEach(
                    times, aStep, bStep, cStep, rows, count, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow,
                    add);
        }
    }

    /// The sums of a row, each in the order of a lane.
    private static void row(
            float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, int depth, float[] c, int cAt, int n) {
        for (int p = 0, i = aAt, j = bAt; p < depth; p++, i += aColumn, j += bRow) {
            multiplyAdd(a[i], b, j, c, cAt, n);
        }
    }

    private static void multiplyAdd(float x, float[] b, int bAt, float[] c, int cAt, int n) {
        for (int k = 0; k < n; k++) {
            c[cAt + k] = Math.fma(x, b[bAt + k], c[cAt + k]);
        }
    }

    /// Whether what moves elements may use vectors, which gives the same bits in any case.
    private boolean moves() {
        return tiles[5].isDone() || tiles[6].isDone();
    }

    @Override
    void transpose(float[] a, int aAt, int row, int lines, int depth, float[] to, int at, int step) {
        if (moves()) {
            vectors.transpose(a, aAt, row, lines, depth, to, at, step);
        } else {
            super.transpose(a, aAt, row, lines, depth, to, at, step);
        }
    }

    @Override
    void gather(float[] a, int aAt, int row, int n, int depth, float[] to, int at, int step) {
        if (moves()) {
            vectors.gather(a, aAt, row, n, depth, to, at, step);
        } else {
            super.gather(a, aAt, row, n, depth, to, at, step);
        }
    }

    @Override
    void gatherStrips(float[] a, int aAt, int row, int strips, int depth, float[] to, int at) {
        if (moves()) {
            vectors.gatherStrips(a, aAt, row, strips, depth, to, at);
        } else {
            super.gatherStrips(a, aAt, row, strips, depth, to, at);
        }
    }

    @Override
    void lines(
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
            int cRow) {
        vectors.lines(a, aAt, aRow, aLine, b, bAt, bLine, count, depth, c, cAt, cRow);
    }

    @Override
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
        if (inner.isDone()) {
            vectors.inner(a, aAt, aRow, rows, b, bAt, bLine, columns, depth, sums, at);
        } else {
            super.inner(a, aAt, aRow, rows, b, bAt, bLine, columns, depth, sums, at);
            inner.count((long) rows * columns * depth);
        }
    }

    @Override
    void fold(float[] sums, int at, int count, float[] to) {
        if (inner.isDone()) {
            vectors.fold(sums, at, count, to);
        } else {
            super.fold(sums, at, count, to);
        }
    }

    @Override
    void dots(float[] a, int at, int row, int count, float[] x, int n, float[] y, int yAt, boolean add) {
        vectors.dots(a, at, row, count, x, n, y, yAt, add);
    }

    @Override
    void sweep(float[] a, int at, int row, int count, float[] x, float[] y, int yAt, int n) {
        vectors.sweep(a, at, row, count, x, y, yAt, n);
    }

    @Override
    int doubleRows() {
        return vectors.doubleRows();
    }

    @Override
    int doubleColumns() {
        return vectors.doubleColumns();
    }

    @Override
    void multiply(double[] a, double[] b, int bAt, int depth, double[] c, int cAt, int cRow, boolean add) {
        vectors.multiply(a, b, bAt, depth, c, cAt, cRow, add);
    }
}
