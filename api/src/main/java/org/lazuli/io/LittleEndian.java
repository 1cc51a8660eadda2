package org.lazuli.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Arrays to and from the bytes of a file, whatever the machine's own order of bytes.
final class LittleEndian {

    private LittleEndian() {}

    /// The array whose elements these bytes hold. They are copied; a `bool` is true where its byte is not 0.
    static Array array(MemorySegment bytes, DType dtype, Shape shape) {
        return array(bytes, dtype, shape, ByteOrder.LITTLE_ENDIAN);
    }

    static Array array(MemorySegment bytes, DType dtype, Shape shape, ByteOrder order) {
        if (dtype == DType.BOOL) {
            byte[] flags = bytes.toArray(ValueLayout.JAVA_BYTE);
            for (int i = 0; i < flags.length; i++) {
                flags[i] = (byte) (flags[i] == 0 ? 0 : 1);
            }
            return Ops.array(MemorySegment.ofArray(flags), dtype, shape);
        }
        if (order == ByteOrder.nativeOrder() || word(dtype) == 1) {
            return Ops.array(bytes, dtype, shape);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy =
                    arena.allocate(Math.max(1, bytes.byteSize()), 8).asSlice(0, bytes.byteSize());
            copy.copyFrom(bytes);
            reverse(copy, word(dtype));
            return Ops.array(copy, dtype, shape);
        }
    }

    /// The elements of an array in row-major order. The segment lives in the arena.
    static MemorySegment bytes(Array array, Arena arena) {
        MemorySegment result = arena.allocate(Math.max(1, array.nbytes()), 8).asSlice(0, array.nbytes());
        array.copyTo(result);
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            reverse(result, word(array.dtype()));
        }
        return result;
    }

    /// The bytes that are reversed as one: a complex number is two words.
    private static int word(DType dtype) {
        return dtype == DType.COMPLEX64 ? 4 : dtype.bytes();
    }

    private static void reverse(MemorySegment data, int word) {
        for (long at = 0; at + word <= data.byteSize(); at += word) {
            for (int low = 0, high = word - 1; low < high; low++, high--) {
                byte kept = data.get(ValueLayout.JAVA_BYTE, at + low);
                data.set(ValueLayout.JAVA_BYTE, at + low, data.get(ValueLayout.JAVA_BYTE, at + high));
                data.set(ValueLayout.JAVA_BYTE, at + high, kept);
            }
        }
    }
}
