package org.lazuli.metal.kernels;

import java.util.Arrays;
import org.lazuli.spi.Tensor;

/// Layouts as `places.metal` reads them.
final class Places {
    private Places() {}

    /// The first axes of tensors that agree in their sizes.
    static Collapsed leading(int axes, Tensor... tensors) {
        int[][] strides = new int[tensors.length][];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = Arrays.copyOf(tensors[i].strides().toArray(), axes);
        }
        return Collapsed.of(Arrays.copyOf(tensors[0].shape().toArray(), axes), strides);
    }

    /// The number of elements.
    static int size(Collapsed layouts) {
        int size = 1;
        for (int dim : layouts.dims()) {
            size *= dim;
        }
        return size;
    }

    /// The number of axes, their sizes, and each layout's strides.
    static int[] layout(Collapsed layouts) {
        int[] table = layouts.table();
        int[] layout = new int[table.length + 1];
        layout[0] = layouts.rank();
        System.arraycopy(table, 0, layout, 1, table.length);
        return layout;
    }
}
