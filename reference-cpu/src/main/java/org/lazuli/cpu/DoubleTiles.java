package org.lazuli.cpu;

/// Products of double matrices in tiles of a [MicroKernel], in the manner of [VectorGemm]: both operands are packed, the right one once for all
/// threads.
final class DoubleTiles {
    /// Multiplications that are worth packing.
    static final long WORK = 1 << 13;

    /// Rows of the right operand to a block.
    private static final int DEPTH = 256;

    /// Columns of the right operand to a block.
    private static final int COLUMNS = 1024;

    /// Multiplications to a part: some tens of microseconds.
    private static final long GRAIN = 1 << 19;

    private final MicroKernel kernel;
    private final int rows;
    private final int width;

    DoubleTiles(MicroKernel kernel) {
        this.kernel = kernel;
        rows = kernel.doubleRows();
        width = kernel.doubleColumns();
    }

    /// Stores (n,k) times (k,m) to `c`, whose rows begin `stride` apart. None of the sizes is 0.
    void multiply(int n, int m, int k, Matrix a, Matrix b, double[] c, int at, int stride) {
        int widest = (Math.min(m, COLUMNS) + width - 1) / width * width;
        double[] right = new double[Math.min(k, DEPTH) * widest];
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            Matrix left = new Matrix(a.array(), a.at() + p * a.columnStride(), a.rowStride(), a.columnStride());
            for (int j = 0; j < m; j += COLUMNS) {
                int columns = Math.min(COLUMNS, m - j);
                int from = b.at() + p * b.rowStride() + j * b.columnStride();
                Matrix lines = new Matrix(b.array(), from, b.rowStride(), b.columnStride()).transposed();
                pack(lines, columns, depth, width, right);
                block(left, n, right, columns, depth, c, at + j, stride, p > 0);
            }
        }
    }

    private void block(
            Matrix left, int n, double[] right, int columns, int depth, double[] c, int at, int stride, boolean add) {
        int strips = (n + rows - 1) / rows;
        int each = Math.clamp(GRAIN / ((long) rows * columns * depth), 1, strips);
        Workers.SHARED.run((strips + each - 1) / each, part -> {
            double[] packed = new double[rows * depth];
            double[] tile = new double[rows * width];
            for (int strip = part * each; strip < Math.min(strips, (part + 1) * each); strip++) {
                int i = strip * rows;
                int count = Math.min(rows, n - i);
                pack(left.from(i), count, depth, rows, 0, packed);
                for (int j = 0; j < columns; j += width) {
                    int to = at + i * stride + j;
                    int own = Math.min(width, columns - j);
                    if (count == rows && own == width) {
                        kernel.multiply(packed, right, j * depth, depth, c, to, stride, add);
                        continue;
                    }
                    for (int r = 0; add && r < count; r++) {
                        System.arraycopy(c, to + r * stride, tile, r * width, own);
                    }
                    kernel.multiply(packed, right, j * depth, depth, tile, 0, width, add);
                    for (int r = 0; r < count; r++) {
                        System.arraycopy(tile, r * width, c, to + r * stride, own);
                    }
                }
            }
        });
    }

    /// Packs lines, `step` of them at a time, so that what they hold at one place lies together.
    private static void pack(Matrix lines, int count, int depth, int step, double[] to) {
        int panels = (count + step - 1) / step;
        int each = Math.clamp((GRAIN >> 4) / ((long) depth * step), 1, panels);
        Workers.SHARED.run((panels + each - 1) / each, part -> {
            for (int panel = part * each; panel < Math.min(panels, (part + 1) * each); panel++) {
                int first = panel * step;
                pack(lines.from(first), Math.min(step, count - first), depth, step, first * depth, to);
            }
        });
    }

    /// Stores element (r, p) of the first lines to `to[at + p * step + r]`, with zeros for lines that there are not.
    private static void pack(Matrix lines, int count, int depth, int step, int at, double[] to) {
        if (count < step) {
            java.util.Arrays.fill(to, at, at + depth * step, 0);
        }
        double[] x = (double[]) lines.array();
        if (lines.rowStride() == 1) {
            for (int p = 0, i = lines.at(); p < depth; p++, i += lines.columnStride()) {
                System.arraycopy(x, i, to, at + p * step, count);
            }
            return;
        }
        for (int r = 0; r < count; r++) {
            Runs.copy(x, lines.at() + r * lines.rowStride(), lines.columnStride(), to, at + r, step, depth, 1);
        }
    }
}
