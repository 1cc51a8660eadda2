package org.lazuli.cpu;

/// Puts elements of matrices next to each other in the order in which [MicroKernel] takes them, and has the arrays where they go.
final class Packing {
    /// What each thread packs into, by use.
    private static final ThreadLocal<float[][]> BUFFERS = ThreadLocal.withInitial(() -> new float[4][0]);

    static final int RIGHT = 0;
    static final int LEFT = 1;
    static final int TILE = 2;
    static final int SUMS = 3;

    private final MicroKernel kernel;

    Packing(MicroKernel kernel) {
        this.kernel = kernel;
    }

    /// An array of this thread's, of at least so many elements.
    static float[] buffer(int use, int length) {
        float[][] buffers = BUFFERS.get();
        if (buffers[use].length < length) {
            buffers[use] = new float[length];
        }
        return buffers[use];
    }

    /// Stores element (r, p) of the first `count` rows of a matrix to `to[toAt + p * step + r]`.
    void pack(Matrix matrix, int count, int depth, float[] to, int toAt, int step) {
        float[] a = (float[]) matrix.array();
        int at = matrix.at();
        int row = matrix.rowStride();
        int column = matrix.columnStride();
        if (row == 1) {
            kernel.gather(a, at, column, count, depth, to, toAt, step);
            return;
        }
        if (column == 1) {
            kernel.transpose(a, at, row, count, depth, to, toAt, step);
            return;
        }
        for (int r = 0; r < count; r++) {
            for (int p = 0, i = at + r * row, o = toAt + r; p < depth; p++, i += column, o += step) {
                to[o] = a[i];
            }
        }
    }
}
