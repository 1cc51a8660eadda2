package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Moves elements between strided places without looking at their values.
final class Copies {
    /// Elements to a part for one thread.
    private static final int GRAIN = 1 << 16;

    private Copies() {}

    /// The tensor's elements in row-major order, to `to` from element `at` on.
    static void toContiguous(Tensor source, Object to, int at) {
        int[] dims = source.shape().toArray();
        int[] rowMajor = Tensor.rowMajor(source.shape()).toArray();
        copy(
                source.dtype(),
                dims,
                Storage.array(source),
                source.offset(),
                source.strides().toArray(),
                to,
                at,
                rowMajor);
    }

    /// Copies element by element between two layouts of one shape.
    static void copy(
            DType dtype, int[] dims, Object from, int at, int[] strides, Object to, int toAt, int[] toStrides) {
        int rank = 0;
        int[] d = new int[dims.length];
        int[] s = new int[dims.length];
        int[] t = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0) {
                return;
            }
            if (dims[i] == 1) {
                continue;
            }
            if (rank > 0 && s[rank - 1] == strides[i] * dims[i] && t[rank - 1] == toStrides[i] * dims[i]) {
                d[rank - 1] *= dims[i];
                s[rank - 1] = strides[i];
                t[rank - 1] = toStrides[i];
            } else {
                d[rank] = dims[i];
                s[rank] = strides[i];
                t[rank] = toStrides[i];
                rank++;
            }
        }
        int width = Storage.width(dtype);
        if (rank == 0) {
            Runs.copy(from, at, 1, to, toAt, 1, 1, width);
        } else {
            shared(rank, d, from, at, s, to, toAt, t, width);
        }
    }

    /// Cuts the outermost axis into parts where there is enough to move for several threads.
    private static void shared(
            int rank, int[] d, Object from, int at, int[] s, Object to, int toAt, int[] t, int width) {
        long inner = 1;
        for (int axis = 1; axis < rank; axis++) {
            inner *= d[axis];
        }
        int length = d[0];
        int grain = (int) Math.max(GRAIN / inner, 1);
        if (length * inner < 2L * GRAIN || length <= grain) {
            nested(0, rank, d, from, at, s, to, toAt, t, width);
            return;
        }
        Workers.SHARED.run((length + grain - 1) / grain, part -> {
            int first = part * grain;
            int[] own = d.clone();
            own[0] = Math.min(grain, length - first);
            nested(0, rank, own, from, at + first * s[0], s, to, toAt + first * t[0], t, width);
        });
    }

    private static void nested(
            int axis, int rank, int[] d, Object from, int at, int[] s, Object to, int toAt, int[] t, int width) {
        if (axis == rank - 1) {
            Runs.copy(from, at, s[axis], to, toAt, t[axis], d[axis], width);
        } else if (axis == rank - 2 && s[axis] == 1 && s[axis + 1] != 1) {
            transposed(d[axis], d[axis + 1], from, at, s[axis + 1], to, toAt, t[axis], t[axis + 1], width);
        } else {
            for (int i = 0; i < d[axis]; i++) {
                nested(axis + 1, rank, d, from, at + i * s[axis], s, to, toAt + i * t[axis], t, width);
            }
        }
    }

    /// A transpose goes block by block, so that the lines of memory it reads across are still in the cache for the next
    /// row.
    private static void transposed(
            int rows, int cols, Object from, int at, int stride, Object to, int toAt, int rowTo, int colTo, int width) {
        final int block = 32;
        for (int j = 0; j < cols; j += block) {
            int n = Math.min(block, cols - j);
            for (int i = 0; i < rows; i++) {
                Runs.copy(from, at + i + j * stride, stride, to, toAt + i * rowTo + j * colTo, colTo, n, width);
            }
        }
    }
}
