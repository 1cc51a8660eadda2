package org.lazuli.cpu;

import java.lang.foreign.MemorySegment;
import org.lazuli.DType;
import org.lazuli.spi.HostArrays;
import org.lazuli.spi.Tensor;

/// Elements as the bytes that they are: reinterpretation, and the way in and out of the backend.
final class Bits {
    private Bits() {}

    static void bitcast(Tensor input, Tensor output) {
        long bytes = (long) input.shape().size() * input.dtype().bytes();
        Object source = Storage.array(input);
        long at = (long) input.offset() * input.dtype().bytes();
        if (!input.isContiguous()) {
            source = contiguous(input);
            at = 0;
        }
        Object target = Storage.array(output);
        MemorySegment.copy(HostArrays.segment(source), at, HostArrays.segment(target), 0, bytes);
        normalize(output.dtype(), target, output.shape().size());
    }

    static void upload(MemorySegment source, DType dtype, int elements, Object target) {
        MemorySegment.copy(source, 0, HostArrays.segment(target), 0, (long) elements * dtype.bytes());
        normalize(dtype, target, elements);
    }

    static void download(Tensor source, MemorySegment target) {
        long bytes = (long) source.shape().size() * source.dtype().bytes();
        if (source.isContiguous()) {
            long at = (long) source.offset() * source.dtype().bytes();
            MemorySegment.copy(HostArrays.segment(Storage.array(source)), at, target, 0, bytes);
        } else {
            MemorySegment.copy(HostArrays.segment(contiguous(source)), 0, target, 0, bytes);
        }
    }

    static void upload(Object source, DType dtype, int elements, Object target) {
        System.arraycopy(source, 0, target, 0, elements * Storage.width(dtype));
        normalize(dtype, target, elements);
    }

    static void download(Tensor source, Object target) {
        int width = Storage.width(source.dtype());
        if (source.isContiguous()) {
            System.arraycopy(
                    Storage.array(source),
                    source.offset() * width,
                    target,
                    0,
                    source.shape().size() * width);
        } else {
            Copies.toContiguous(source, target, 0);
        }
    }

    private static Object contiguous(Tensor tensor) {
        Object copy = Storage.of(tensor.dtype()).array(tensor.shape().size() * Storage.width(tensor.dtype()));
        Copies.toContiguous(tensor, copy, 0);
        return copy;
    }

    /// Kernels count on a bool being 0 or 1.
    private static void normalize(DType dtype, Object array, int elements) {
        if (dtype == DType.BOOL) {
            byte[] bytes = (byte[]) array;
            for (int i = 0; i < elements; i++) {
                bytes[i] = (byte) (bytes[i] != 0 ? 1 : 0);
            }
        }
    }
}
