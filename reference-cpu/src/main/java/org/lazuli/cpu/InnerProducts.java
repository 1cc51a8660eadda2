package org.lazuli.cpu;

import java.util.Arrays;

/// Products with a few columns, for which most lanes of a tile would compute nothing: here lanes run along the depth. Each element of the result has a sum
/// in every lane, and these are added up at the end.
final class InnerProducts {
    /// More columns are left to tiles.
    private static final int MOST_COLUMNS = 10;

    /// Rows that are computed together, and the least there may be.
    private static final int GROUP = 8;

    /// With less depth than this many vectors, adding up lanes would cost too much; and so would copying rows that do not fill the last one.
    private static final int LEAST_VECTORS = 4;

    private static final int LEAST_OF_UNEVEN = 16;

    /// Columns come by so many.
    private static final int COLUMNS = VectorInner.COLUMNS;

    /// What is taken of the depth at once: so much of all columns stays in the first-level cache.
    private static final int DEPTH = 512;

    /// Multiplications to a part: half a microsecond.
    private static final long GRAIN = 1 << 15;

    /// Rows to a part at most, for its sums to stay near.
    private static final int MOST_ROWS = 4 * GROUP;

    private final MicroKernel kernel;
    private final Packing packing;
    private final int lanes;

    InnerProducts(MicroKernel kernel, Packing packing) {
        this.kernel = kernel;
        this.packing = packing;
        lanes = packing.lanes();
    }

    /// Whether a product is computed faster here than in tiles.
    boolean suits(int n, int m, int k, Matrix a) {
        int least = k % lanes == 0 ? LEAST_VECTORS : LEAST_OF_UNEVEN;
        boolean fuller = up(m, COLUMNS) < up(m, lanes);
        return fuller && m <= MOST_COLUMNS && n >= GROUP && k >= least * lanes && a.columnStride() == 1;
    }

    /// The next multiple of `unit`.
    private static int up(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    /// Stores (n,k) times (k,m) to `c`, whose rows begin `stride` apart.
    void multiply(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        Right right = right(m, k, b);
        int groups = Math.clamp((GRAIN / ((long) m * k) + GROUP - 1) / GROUP, 1, MOST_ROWS / GROUP);
        int rows = groups * GROUP;
        Workers.SHARED.run((n + rows - 1) / rows, part -> {
            int first = part * rows;
            int end = Math.min(first + rows, n);
            rows(n, m, k, a, right, first, end, c, at, stride);
        });
    }

    /// The right operand: each of its columns next to each other.
    ///
    /// @param line the distance of columns
    /// @param columns how many there are, with those of zeros
    private record Right(float[] array, int at, int line, int columns) {}

    /// Where it lies, or packed, with zeros behind what fills neither a vector nor [#COLUMNS].
    private Right right(int m, int k, Matrix b) {
        int line = up(k, lanes);
        int columns = up(m, COLUMNS);
        float[] elements = (float[]) b.array();
        if (b.rowStride() == 1 && line == k && columns == m) {
            return new Right(elements, b.at(), b.columnStride(), columns);
        }
        float[] packed = Scratch.floats(Scratch.Use.PANELS, columns * line);
        if (line != k || columns != m) {
            Arrays.fill(packed, 0, columns * line, 0);
        }
        if (b.rowStride() == 1) {
            for (int j = 0; j < m; j++) {
                System.arraycopy(elements, b.fromColumn(j).at(), packed, j * line, k);
            }
        } else {
            packing.pack(b, k, m, packed, 0, line);
        }
        return new Right(packed, 0, line, columns);
    }

    /// Rows `first` … `end - 1` of the result.
    private void rows(int n, int m, int k, Matrix a, Right right, int first, int end, float[] c, int at, int stride) {
        int groups = (end - first + GROUP - 1) / GROUP;
        int size = GROUP * right.columns * lanes;
        float[] sums = Scratch.floats(Scratch.Use.SUMS, (groups + 1) * size);
        for (int p = 0; p < k; p += DEPTH) {
            for (int group = 0; group < groups; group++) {
                Matrix left = a.from(start(n, first, group)).fromColumn(p);
                inner(left, right, p, Math.min(DEPTH, k - p), sums, group * size);
            }
        }
        float[] tile = Scratch.floats(Scratch.Use.PRODUCTS, GROUP * right.columns + lanes);
        for (int group = 0; group < groups; group++) {
            kernel.fold(sums, group * size, GROUP * right.columns, tile);
            int row = first + group * GROUP;
            int from = (row - start(n, first, group)) * right.columns;
            int count = Math.min(GROUP, end - row);
            if (m == right.columns && stride == m) {
                System.arraycopy(tile, from, c, at + row * m, count * m);
            } else {
                for (int r = 0; r < count; r++) {
                    System.arraycopy(tile, from + r * right.columns, c, at + (row + r) * stride, m);
                }
            }
        }
    }

    /// The first row of a group: the last group begins where it is full.
    private static int start(int n, int first, int group) {
        return Math.min(first + group * GROUP, n - GROUP);
    }

    /// Stores the products of a group of rows with what lies from `p` on of the lines to `sums[to]`…, or adds them to those of what lies before.
    private void inner(Matrix left, Right right, int p, int depth, float[] sums, int to) {
        Matrix rows = depth % lanes == 0 ? left : padded(left, depth);
        int whole = up(depth, lanes);
        if (p == 0) {
            products(rows, right, p, whole, sums, to);
            return;
        }
        int count = GROUP * right.columns * lanes;
        float[] more = Scratch.floats(Scratch.Use.PRODUCTS, count);
        products(rows, right, p, whole, more, 0);
        add(sums, to, more, count);
    }

    /// Rows with zeros behind what does not fill a vector.
    private Matrix padded(Matrix left, int depth) {
        int line = up(depth, lanes);
        float[] padded = Scratch.floats(Scratch.Use.STRIPS, GROUP * line);
        for (int r = 0; r < GROUP; r++) {
            System.arraycopy(left.array(), left.from(r).at(), padded, r * line, depth);
            Arrays.fill(padded, r * line + depth, (r + 1) * line, 0);
        }
        return new Matrix(padded, 0, line, 1);
    }

    private void products(Matrix left, Right right, int p, int depth, float[] sums, int to) {
        float[] rows = (float[]) left.array();
        int from = right.at + p;
        int line = right.line;
        kernel.inner(rows, left.at(), left.rowStride(), GROUP, right.array, from, line, right.columns, depth, sums, to);
    }

    private static void add(float[] sums, int at, float[] more, int count) {
        for (int i = 0; i < count; i++) {
            sums[at + i] += more[i];
        }
    }
}
