package org.lazuli.cpu;

import java.lang.foreign.MemorySegment;
import org.lazuli.DType;
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
        MemorySegment.copy(segment(source), at, segment(target), 0, bytes);
        normalize(output.dtype(), target, output.shape().size());
    }

    static void upload(MemorySegment source, DType dtype, int elements, Object target) {
        MemorySegment.copy(source, 0, segment(target), 0, (long) elements * dtype.bytes());
        normalize(dtype, target, elements);
    }

    static void download(Tensor source, MemorySegment target) {
        long bytes = (long) source.shape().size() * source.dtype().bytes();
        if (source.isContiguous()) {
            long at = (long) source.offset() * source.dtype().bytes();
            MemorySegment.copy(segment(Storage.array(source)), at, target, 0, bytes);
        } else {
            MemorySegment.copy(segment(contiguous(source)), 0, target, 0, bytes);
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

    private static MemorySegment segment(Object array) {
        return switch (array) {
            case byte[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalArgumentException("not a storage array: " + array.getClass());
        };
    }
}
