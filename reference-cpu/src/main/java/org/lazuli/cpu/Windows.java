package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;

/// Where the elements lie that meet in each result of a reduction of a contiguous array: runs of `inner` elements side by side, the axes that are kept
/// innermost, at the same distances from where each result begins.
final class Windows {
    /// The length of a run.
    final int inner;

    /// The number of results, in runs.
    final int count;

    /// From the first of the elements that meet to each of them.
    final int[] offsets;

    private final int[] dims;
    private final int[] strides;

    Windows(Shape shape, Ints axes) {
        int rank = shape.rank();
        int[] all = new int[rank];
        for (int axis = rank - 1, stride = 1; axis >= 0; axis--) {
            all[axis] = stride;
            stride *= shape.dim(axis);
        }
        int last = rank;
        while (last > 0 && !axes.contains(last - 1)) {
            last--;
        }
        this.inner = last == rank ? 1 : all[last - 1];
        int outer = 0;
        int[] keptDims = new int[rank];
        int[] keptStrides = new int[rank];
        int[] reduced = {0};
        int results = 1;
        for (int axis = 0; axis < last; axis++) {
            if (axes.contains(axis)) {
                reduced = combine(reduced, shape.dim(axis), all[axis]);
            } else {
                keptDims[outer] = shape.dim(axis);
                keptStrides[outer++] = all[axis];
                results *= shape.dim(axis);
            }
        }
        this.count = results;
        this.offsets = reduced;
        this.dims = Arrays.copyOf(keptDims, outer);
        this.strides = Arrays.copyOf(keptStrides, outer);
    }

    private static int[] combine(int[] offsets, int dim, int stride) {
        int[] all = new int[offsets.length * dim];
        for (int i = 0; i < all.length; i++) {
            all[i] = offsets[i / dim] + i % dim * stride;
        }
        return all;
    }

    /// Where the first elements of a result's run lie.
    int position(int result) {
        int position = 0;
        for (int axis = dims.length - 1, rest = result; axis >= 0; axis--) {
            position += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return position;
    }
}
