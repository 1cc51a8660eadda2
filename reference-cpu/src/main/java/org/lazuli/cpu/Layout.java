package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Sizes, strides and offset of a tensor in as few axes as say the same: axes of size 1 are dropped and neighbours
/// whose elements follow each other evenly are joined, so that the innermost run is as long as it can be.
final class Layout {
    /// The sizes, none of them 1; no axes for a single element.
    private final int[] dims;

    private final int[] strides;
    private final int offset;

    private Layout(int[] dims, int[] strides, int offset) {
        this.dims = dims;
        this.strides = strides;
        this.offset = offset;
    }

    /// `n` times the element at `offset`.
    static Layout repeated(int n, int offset) {
        return n == 1 ? new Layout(new int[0], new int[0], offset) : new Layout(new int[] {n}, new int[] {0}, offset);
    }

    int dim(int axis) {
        return dims[axis];
    }

    int stride(int axis) {
        return strides[axis];
    }

    int offset() {
        return offset;
    }

    static Layout of(Tensor tensor) {
        return of(tensor.shape().toArray(), tensor.strides().toArray(), tensor.offset());
    }

    /// The tensor with its axes in another order, or only some of them.
    static Layout of(Tensor tensor, Ints axes) {
        int[] dims = new int[axes.size()];
        int[] strides = new int[axes.size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = tensor.shape().dim(axes.get(i));
            strides[i] = tensor.strides().get(axes.get(i));
        }
        return of(dims, strides, tensor.offset());
    }

    static Layout of(int[] dims, int[] strides, int offset) {
        int rank = 0;
        int[] d = new int[dims.length];
        int[] s = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 1) {
                continue;
            }
            if (rank > 0 && s[rank - 1] == strides[i] * dims[i]) {
                d[rank - 1] *= dims[i];
                s[rank - 1] = strides[i];
            } else {
                d[rank] = dims[i];
                s[rank] = strides[i];
                rank++;
            }
        }
        return new Layout(Arrays.copyOf(d, rank), Arrays.copyOf(s, rank), offset);
    }

    int rank() {
        return dims.length;
    }

    int size() {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /// True if the elements lie one after another.
    boolean isContiguous() {
        return dims.length == 0 || (dims.length == 1 && strides[0] == 1);
    }

    /// True if all elements are the same one.
    boolean isUniform() {
        return dims.length == 0 || (dims.length == 1 && strides[0] == 0);
    }

    /// Where the element lies that is number `index` in row-major order.
    int position(int index) {
        int position = offset;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            position += index % dims[axis] * strides[axis];
            index /= dims[axis];
        }
        return position;
    }
}
