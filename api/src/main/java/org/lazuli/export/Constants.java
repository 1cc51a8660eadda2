package org.lazuli.export;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Arrays as bytes: dtype, shape, elements in row-major order.
final class Constants {
    private static final int CHUNK = 1 << 20;

    private Constants() {}

    static void write(Array array, ByteWriter out) throws IOException {
        out.text(array.dtype().toString());
        out.ints(array.shape().toArray());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(1, array.nbytes()), 8).asSlice(0, array.nbytes());
            array.copyTo(data);
            if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
                swap(data, array.dtype());
            }
            for (long at = 0; at < data.byteSize(); at += CHUNK) {
                byte[] part = new byte[(int) Math.min(CHUNK, data.byteSize() - at)];
                MemorySegment.copy(data, at, MemorySegment.ofArray(part), 0, part.length);
                out.bytes(part);
            }
        }
    }

    static Array read(ByteReader in) throws Malformed {
        DType dtype = dtype(in);
        Shape shape = Instructions.shape(in, "a constant's shape");
        MemorySegment data = in.slice((long) shape.size() * dtype.bytes(), "a constant of " + dtype + shape);
        if (dtype == DType.BOOL) {
            checkFlags(data);
        }
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return Ops.array(data, dtype, shape);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment swapped =
                    arena.allocate(Math.max(1, data.byteSize()), 8).asSlice(0, data.byteSize());
            swapped.copyFrom(data);
            swap(swapped, dtype);
            return Ops.array(swapped, dtype, shape);
        }
    }

    private static void checkFlags(MemorySegment data) throws Malformed {
        for (long at = 0; at < data.byteSize(); at++) {
            byte flag = data.get(ValueLayout.JAVA_BYTE, at);
            if (flag != 0 && flag != 1) {
                throw new Malformed("a constant of type bool holds the byte " + flag);
            }
        }
    }

    static DType dtype(ByteReader in) throws Malformed {
        String name = in.text("a dtype");
        for (DType dtype : DType.values()) {
            if (dtype.toString().equals(name)) {
                return dtype;
            }
        }
        throw new Malformed("it has a dtype '" + name + "', which this version does not know");
    }

    /// Turns the machine's order of bytes into the file's, or back.
    private static void swap(MemorySegment data, DType dtype) {
        int word = dtype == DType.COMPLEX64 ? 4 : dtype.bytes();
        for (long at = 0; at < data.byteSize(); at += word) {
            for (long low = at, high = at + word - 1; low < high; low++, high--) {
                byte kept = data.get(ValueLayout.JAVA_BYTE, low);
                data.set(ValueLayout.JAVA_BYTE, low, data.get(ValueLayout.JAVA_BYTE, high));
                data.set(ValueLayout.JAVA_BYTE, high, kept);
            }
        }
    }
}
