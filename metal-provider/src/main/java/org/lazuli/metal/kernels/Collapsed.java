package org.lazuli.metal.kernels;

import java.util.Arrays;
import java.util.List;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Several layouts of one shape with as few axes as they can be described with: axes of size 1 are left out, and neighbours that every layout steps
/// through as if they were one become one.
///
/// @param dims the lengths of the axes that are left; empty for a single element
/// @param strides for each layout, its strides along these
record Collapsed(int[] dims, int[][] strides) {

    /// The layouts of tensors of one shape.
    static Collapsed of(Shape shape, List<Tensor> tensors) {
        int[][] strides = new int[tensors.size()][];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = tensors.get(i).strides().toArray();
        }
        return of(shape.toArray(), strides);
    }

    /// The layouts with these strides, and the row-major one after them.
    static Collapsed withRowMajor(Shape shape, Ints... layouts) {
        int[][] strides = new int[layouts.length + 1][];
        for (int i = 0; i < layouts.length; i++) {
            strides[i] = layouts[i].toArray();
        }
        strides[layouts.length] = Tensor.rowMajor(shape).toArray();
        return of(shape.toArray(), strides);
    }

    static Collapsed of(int[] shape, int[][] layouts) {
        int[] dims = new int[shape.length];
        int[][] strides = new int[layouts.length][shape.length];
        int rank = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 1) {
                continue;
            }
            if (rank > 0 && continues(layouts, strides, rank - 1, axis, shape[axis])) {
                rank--;
                dims[rank] *= shape[axis];
            } else {
                dims[rank] = shape[axis];
            }
            for (int i = 0; i < layouts.length; i++) {
                strides[i][rank] = layouts[i][axis];
            }
            rank++;
        }
        int[][] result = new int[layouts.length][];
        for (int i = 0; i < layouts.length; i++) {
            result[i] = Arrays.copyOf(strides[i], rank);
        }
        return new Collapsed(Arrays.copyOf(dims, rank), result);
    }

    private static boolean continues(int[][] layouts, int[][] strides, int last, int axis, int dim) {
        for (int i = 0; i < layouts.length; i++) {
            // In 64 bits: a stride along a long axis may not fit its product with it.
            if (strides[i][last] != (long) layouts[i][axis] * dim) {
                return false;
            }
        }
        return true;
    }

    int rank() {
        return dims.length;
    }

    /// True if a layout is one run of neighbours.
    boolean isRun(int layout) {
        return rank() == 0 || (rank() == 1 && strides[layout][0] == 1);
    }

    /// True if a layout is one element again and again.
    boolean isUniform(int layout) {
        for (int stride : strides[layout]) {
            if (stride != 0) {
                return false;
            }
        }
        return true;
    }

    /// Dims, then each layout's strides, as a kernel reads them.
    int[] table() {
        int[] table = new int[rank() * (1 + strides.length)];
        System.arraycopy(dims, 0, table, 0, rank());
        for (int i = 0; i < strides.length; i++) {
            System.arraycopy(strides[i], 0, table, rank() * (1 + i), rank());
        }
        return table;
    }
}
