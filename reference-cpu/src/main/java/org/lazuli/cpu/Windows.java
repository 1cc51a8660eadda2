package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Where the elements lie that meet in each result of a reduction: runs of `inner` elements side by side, the axes that are kept innermost, at the same
/// distances from where each result begins. Results that follow each other along the last of the other axes that are kept are a line.
final class Windows {
    /// The length of a run.
    final int inner;

    /// The number of results, in runs.
    final int count;

    /// From the first of the elements that meet to each of them.
    final int[] offsets;

    /// How far the results of a line lie apart.
    final int step;

    private final int line;
    private final int[] dims;
    private final int[] strides;
    private final int start;

    private Windows(int[] shape, int[] all, int start, Ints axes) {
        this.start = start;
        int last = last(shape.length, axes);
        int run = 1;
        for (int axis = last; axis < shape.length; axis++) {
            run *= shape[axis];
        }
        this.inner = run;
        int outer = 0;
        int[] keptDims = new int[last];
        int[] keptStrides = new int[last];
        int[] reduced = {0};
        int results = 1;
        for (int axis = 0; axis < last; axis++) {
            if (axes.contains(axis)) {
                reduced = combine(reduced, shape[axis], all[axis]);
            } else {
                keptDims[outer] = shape[axis];
                keptStrides[outer++] = all[axis];
                results *= shape[axis];
            }
        }
        this.count = results;
        this.offsets = reduced;
        this.dims = Arrays.copyOf(keptDims, outer);
        this.strides = Arrays.copyOf(keptStrides, outer);
        this.line = outer == 0 ? 1 : dims[outer - 1];
        this.step = outer == 0 ? 0 : strides[outer - 1];
    }

    /// Those of an array in row-major order.
    static Windows of(Shape shape, Ints axes) {
        return new Windows(shape.toArray(), Tensor.rowMajor(shape).toArray(), 0, axes);
    }

    /// Those of a tensor in its buffer, or null if its runs do not lie side by side.
    static @Nullable Windows of(Tensor tensor, Ints axes) {
        int[] shape = tensor.shape().toArray();
        int[] strides = tensor.strides().toArray();
        for (int axis = shape.length - 1, next = 1; axis >= last(shape.length, axes); axis--) {
            if (shape[axis] != 1 && strides[axis] != next) {
                return null;
            }
            next *= shape[axis];
        }
        return new Windows(shape, strides, tensor.offset(), axes);
    }

    /// The first of the axes that are kept innermost.
    private static int last(int rank, Ints axes) {
        int last = rank;
        while (last > 0 && !axes.contains(last - 1)) {
            last--;
        }
        return last;
    }

    private static int[] combine(int[] offsets, int dim, int stride) {
        int[] all = new int[offsets.length * dim];
        for (int i = 0; i < all.length; i++) {
            all[i] = offsets[i / dim] + i % dim * stride;
        }
        return all;
    }

    /// Some results of one line.
    interface Results {
        /// @param first the number of the first one
        void compute(int first, int count);
    }

    /// Computes all results, by several threads if there are enough.
    ///
    /// @param grain how many elements are worth a part of their own
    void run(int grain, Results results) {
        int each = Math.max(grain / Math.max(inner * offsets.length, 1), 1);
        Workers.SHARED.run((count + each - 1) / each, part -> {
            int end = Math.min((part + 1) * each, count);
            for (int first = part * each; first < end; ) {
                int next = Math.min((first / line + 1) * line, end);
                results.compute(first, next - first);
                first = next;
            }
        });
    }

    /// Where the first elements of a result's run lie.
    int position(int result) {
        int position = start;
        for (int axis = dims.length - 1, rest = result; axis >= 0; axis--) {
            position += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return position;
    }
}
