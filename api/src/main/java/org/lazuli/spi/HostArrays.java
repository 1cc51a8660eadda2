package org.lazuli.spi;

import java.lang.foreign.MemorySegment;
import org.lazuli.DType;

/// Java arrays that hold elements bit for bit: `byte[]` for the types of one byte and bool, `short[]` for those of two, `int[]` and `long[]` for integers,
/// `float[]` for float32 and, in pairs, for complex64, `double[]`.
///
/// They say the same as a [MemorySegment], without starting the foreign memory interface, which a program that reads one number would wait for.
public final class HostArrays {
    private HostArrays() {}

    /// An array for so many elements.
    public static Object allocate(DType dtype, int elements) {
        return switch (dtype) {
            case BOOL, UINT8, INT8 -> new byte[elements];
            case UINT16, INT16, FLOAT16, BFLOAT16 -> new short[elements];
            case UINT32, INT32 -> new int[elements];
            case UINT64, INT64 -> new long[elements];
            case FLOAT32 -> new float[elements];
            case FLOAT64 -> new double[elements];
            case COMPLEX64 -> new float[Math.multiplyExact(2, elements)];
        };
    }

    /// The memory of such an array.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static MemorySegment segment(Object array) {
        return switch (array) {
            case byte[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalArgumentException("not an array of elements: " + array.getClass());
        };
    }
}
