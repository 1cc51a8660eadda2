package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Tensor;

/// The Java array that holds the elements of a dtype. complex64 lies in a `float[]`, real and imaginary parts in turn.
enum Storage {
    BYTES(1),
    SHORTS(2),
    INTS(4),
    LONGS(8),
    FLOATS(4),
    DOUBLES(8);

    /// Heap arrays as the memory of a [BufferPool].
    static final class Heap implements BufferPool.Memory<Storage, Object> {
        /// Arrays up to this many bytes are as quickly made as found again.
        private static final int SMALL = 1 << 15;

        @Override
        public Object obtain(Storage kind, long bytes) {
            long length = (bytes + kind.bytes - 1) / kind.bytes;
            // A size class may be rounded up past the longest array that there is.
            int elements = (int) Math.min(length, Integer.MAX_VALUE - 8);
            try {
                return kind.array(elements);
            } catch (OutOfMemoryError e) {
                throw new OutOfDeviceMemoryException("the Java heap is full (see -Xmx): " + e.getMessage());
            }
        }

        @Override
        public void giveBack(Object storage) {
            // The garbage collector takes it.
        }

        @Override
        public boolean isLeftToCollector(long bytes) {
            return bytes <= SMALL;
        }
    }

    private final int bytes;

    Storage(int bytes) {
        this.bytes = bytes;
    }

    static Storage of(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, INT8 -> BYTES;
            case UINT16, INT16, FLOAT16, BFLOAT16 -> SHORTS;
            case UINT32, INT32 -> INTS;
            case UINT64, INT64 -> LONGS;
            case FLOAT32, COMPLEX64 -> FLOATS;
            case FLOAT64 -> DOUBLES;
        };
    }

    /// How many array elements make one element of the dtype.
    static int width(DType dtype) {
        return dtype == DType.COMPLEX64 ? 2 : 1;
    }

    Object array(int length) {
        return switch (this) {
            case BYTES -> new byte[length];
            case SHORTS -> new short[length];
            case INTS -> new int[length];
            case LONGS -> new long[length];
            case FLOATS -> new float[length];
            case DOUBLES -> new double[length];
        };
    }

    /// The array that holds a tensor's elements.
    static Object array(Tensor tensor) {
        if (tensor.buffer() instanceof BufferPool.Allocation<?> allocation) {
            return allocation.storage();
        }
        throw new IllegalArgumentException("cpu: " + tensor.spec() + " is not in this backend's memory");
    }
}
