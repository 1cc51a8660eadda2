package org.lazuli.metal.kernels;

import java.util.Arrays;
import org.lazuli.spi.Tensor;

/// Sizes and one or more sets of strides along the same axes, in as few axes as say the same: axes of size 1 are dropped, and neighbours that every
/// set steps through evenly are joined.
final class Strided {
    private final int[] sizes;
    private final int[][] strides;

    private Strided(int[] sizes, int[][] strides) {
        this.sizes = sizes;
        this.strides = strides;
    }

    static Strided of(int[] sizes, int[]... strides) {
        int[] joined = new int[sizes.length];
        int[][] steps = new int[strides.length][sizes.length];
        int rank = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            boolean even = rank > 0;
            for (int set = 0; set < strides.length && even; set++) {
                even = steps[set][rank - 1] == strides[set][axis] * sizes[axis];
            }
            if (even) {
                joined[rank - 1] *= sizes[axis];
            } else {
                joined[rank++] = sizes[axis];
            }
            for (int set = 0; set < strides.length; set++) {
                steps[set][rank - 1] = strides[set][axis];
            }
        }
        for (int set = 0; set < strides.length; set++) {
            steps[set] = Arrays.copyOf(steps[set], rank);
        }
        return new Strided(Arrays.copyOf(joined, rank), steps);
    }

    /// The first axes of tensors that agree in their sizes.
    static Strided leading(int axes, Tensor... tensors) {
        int[][] strides = new int[tensors.length][];
        for (int set = 0; set < strides.length; set++) {
            strides[set] = Arrays.copyOf(tensors[set].strides().toArray(), axes);
        }
        return of(Arrays.copyOf(tensors[0].shape().toArray(), axes), strides);
    }

    /// Two sets of strides, the second one first.
    Strided swapped() {
        return new Strided(sizes, new int[][] {strides[1], strides[0]});
    }

    int rank() {
        return sizes.length;
    }

    /// The number of elements.
    int size() {
        int size = 1;
        for (int dim : sizes) {
            size *= dim;
        }
        return size;
    }

    int dim(int axis) {
        return sizes[axis];
    }

    int stride(int set, int axis) {
        return strides[set][axis];
    }

    /// As `places.metal` reads it: the number of axes, their sizes, the sets of strides.
    int[] layout() {
        int rank = sizes.length;
        int[] layout = new int[1 + rank * (1 + strides.length)];
        layout[0] = rank;
        System.arraycopy(sizes, 0, layout, 1, rank);
        for (int set = 0; set < strides.length; set++) {
            System.arraycopy(strides[set], 0, layout, 1 + rank * (1 + set), rank);
        }
        return layout;
    }
}
