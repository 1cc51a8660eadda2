package org.lazuli.cpu;

/// Puts elements of matrices next to each other in the order in which [MicroKernel] takes them.
final class Packing {
    private final MicroKernel kernel;

    Packing(MicroKernel kernel) {
        this.kernel = kernel;
    }

    /// The columns in a vector.
    int lanes() {
        return kernel.lanes();
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
