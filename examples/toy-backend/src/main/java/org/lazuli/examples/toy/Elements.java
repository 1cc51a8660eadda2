package org.lazuli.examples.toy;

import java.lang.foreign.MemorySegment;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.Tensor;

/// Where the elements of a tensor lie.
final class Elements {
    private Elements() {}

    static MemorySegment memory(Buffer buffer) {
        return (MemorySegment) ((BufferPool.Allocation<?>) buffer).storage();
    }

    /// The places of all elements in row-major order, counted in elements from the start of the buffer. Strides may be 0, for an axis that is
    /// broadcast, or negative, for one that is reversed.
    static int[] places(Tensor tensor) {
        int rank = tensor.shape().rank();
        int[] places = new int[tensor.shape().size()];
        int[] index = new int[rank];
        int place = tensor.offset();
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            for (int axis = rank - 1; axis >= 0; axis--) {
                place += tensor.strides().get(axis);
                if (++index[axis] < tensor.shape().dim(axis)) {
                    break;
                }
                place -= index[axis] * tensor.strides().get(axis);
                index[axis] = 0;
            }
        }
        return places;
    }

    /// Copies a tensor of any layout and dtype to `target`, in row-major order.
    static void copy(Tensor source, MemorySegment target) {
        MemorySegment memory = memory(source.buffer());
        long width = source.dtype().bytes();
        if (source.isContiguous()) {
            MemorySegment.copy(
                    memory, source.offset() * width, target, 0, source.shape().size() * width);
            return;
        }
        int[] places = places(source);
        for (int i = 0; i < places.length; i++) {
            MemorySegment.copy(memory, places[i] * width, target, i * width, width);
        }
    }
}
