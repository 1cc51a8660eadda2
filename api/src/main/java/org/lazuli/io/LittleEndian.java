package org.lazuli.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.lazuli.Array;
import org.lazuli.DType;

/// Elements to and from the bytes of a file, whatever the machine's own order of bytes.
final class LittleEndian {

    private LittleEndian() {}

    /// The elements that these bytes hold, in the machine's own order, in their place; a `bool` is true where its byte is not 0.
    static MemorySegment elements(MemorySegment bytes, DType dtype, ByteOrder order) {
        if (dtype == DType.BOOL) {
            for (long i = 0; i < bytes.byteSize(); i++) {
                byte flag = bytes.get(ValueLayout.JAVA_BYTE, i);
                bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (flag == 0 ? 0 : 1));
            }
        } else if (order != ByteOrder.nativeOrder() && word(dtype) > 1) {
            reverse(bytes, word(dtype));
        }
        return bytes;
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
