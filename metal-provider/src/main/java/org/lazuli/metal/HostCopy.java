package org.lazuli.metal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lazuli.spi.Tensor;

/// Reads tensors of any layout from memory that the host sees.
final class HostCopy {
    private HostCopy() {}

    /// Copies the tensor's elements to `target` in row-major order.
    static void toContiguous(Tensor source, MemorySegment memory, MemorySegment target) {
        int width = source.dtype().bytes();
        int size = source.shape().size();
        if (size == 0) {
            return;
        }
        long offset = (long) source.offset() * width;
        if (source.isContiguous()) {
            MemorySegment.copy(memory, offset, target, 0, (long) size * width);
            return;
        }
        int rank = source.shape().rank();
        int[] position = new int[rank];
        long at = offset;
        for (int i = 0; i < size; i++) {
            copyElement(memory, at, target, (long) i * width, width);
            for (int axis = rank - 1; axis >= 0; axis--) {
                long step = (long) source.strides().get(axis) * width;
                at += step;
                if (++position[axis] < source.shape().dim(axis)) {
                    break;
                }
                at -= step * source.shape().dim(axis);
                position[axis] = 0;
            }
        }
    }

    private static void copyElement(MemorySegment from, long at, MemorySegment to, long toAt, int width) {
        switch (width) {
            case 1 -> to.set(ValueLayout.JAVA_BYTE, toAt, from.get(ValueLayout.JAVA_BYTE, at));
            case 2 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, toAt, from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case 4 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, toAt, from.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            default -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, toAt, from.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        }
    }
}
