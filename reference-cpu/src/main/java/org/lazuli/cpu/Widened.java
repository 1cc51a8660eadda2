package org.lazuli.cpu;

import org.lazuli.spi.Tensor;

/// Whole tensors as registers.
final class Widened {
    private Widened() {}

    /// The elements in row-major order in a new array of the tensor's domain.
    static Object contiguous(Tensor tensor) {
        int size = tensor.shape().size();
        Object result = Domain.of(tensor.dtype()).register(size);
        if (size > 0) {
            new TileReader(tensor).read(0, size, result);
        }
        return result;
    }
}
