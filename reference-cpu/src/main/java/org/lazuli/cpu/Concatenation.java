package org.lazuli.cpu;

import java.util.List;
import org.lazuli.spi.Tensor;

/// Tensors one after another along an axis.
final class Concatenation {
    private Concatenation() {}

    static void run(int axis, List<Tensor> inputs, Tensor output) {
        Object target = Storage.array(output);
        int[] strides = output.strides().toArray();
        int at = 0;
        for (Tensor input : inputs) {
            Copies.copy(
                    input.dtype(),
                    input.shape().toArray(),
                    Storage.array(input),
                    input.offset(),
                    input.strides().toArray(),
                    target,
                    at,
                    strides);
            at += input.shape().dim(axis) * strides[axis];
        }
    }
}
