package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Tensors from nothing.
final class Creation {
    private Creation() {}

    static void iota(Tensor output) {
        DType dtype = output.dtype();
        int size = output.shape().size();
        int tile = Math.min(size, Tiles.SIZE);
        long[] counts = new long[tile];
        Object register = Domain.of(dtype).register(tile);
        Object target = Storage.array(output);
        for (int start = 0; start < size; start += tile) {
            int n = Math.min(tile, size - start);
            for (int i = 0; i < n; i++) {
                counts[i] = (long) start + i;
            }
            Casts.run(DType.INT64, counts, dtype, register, 0, n);
            Conversions.narrow(dtype, register, target, start, n);
        }
    }
}
