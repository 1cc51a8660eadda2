package org.lazuli.metal.kernels;

import org.lazuli.spi.Tensor;

/// Tensors as lines along one axis.
final class Lines {
    private Lines() {}

    /// The other axes, on which each line is a place, in tensors of one shape.
    static Strided across(int along, Tensor... tensors) {
        int rank = tensors[0].shape().rank();
        int[] sizes = new int[rank - 1];
        int[][] strides = new int[tensors.length][rank - 1];
        for (int i = 0; i < rank - 1; i++) {
            int axis = i < along ? i : i + 1;
            sizes[i] = tensors[0].shape().dim(axis);
            for (int set = 0; set < tensors.length; set++) {
                strides[set][i] = tensors[set].strides().get(axis);
            }
        }
        return Strided.of(sizes, strides);
    }
}
