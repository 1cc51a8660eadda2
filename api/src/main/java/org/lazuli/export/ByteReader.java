package org.lazuli.export;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.ReadSizes;

/// Reads what [ByteWriter] wrote. Nothing is allocated for a count before it is known that the bytes for it are there.
final class ByteReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private long at;
    private @Nullable ReadSizes sizes;

    ByteReader(MemorySegment bytes) {
        this.bytes = bytes;
    }

    /// The open sizes of the trace that is being read, or null if it has none.
    @Nullable
    ReadSizes sizes() {
        return sizes;
    }

    void sizes(@Nullable ReadSizes sizes) {
        this.sizes = sizes;
    }

    int u8(String what) throws Malformed {
        return bytes.get(ValueLayout.JAVA_BYTE, next(1, what)) & 0xff;
    }

    int i32(String what) throws Malformed {
        return bytes.get(INT, next(4, what));
    }

    long i64(String what) throws Malformed {
        return bytes.get(LONG, next(8, what));
    }

    /// A number of things to come, each of which takes `least` bytes or more.
    int count(int least, String what) throws Malformed {
        int count = i32("the number of " + what);
        if (count < 0 || (long) count * least > left()) {
            throw new Malformed("it claims " + Integer.toUnsignedString(count) + " " + what + ", but " + left()
                    + " bytes are left");
        }
        return count;
    }

    String text(String what) throws Malformed {
        int length = count(1, "bytes of " + what);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(slice(length, what).asByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed(what + " is not UTF-8", e);
        }
    }

    int[] ints(String what) throws Malformed {
        int[] result = new int[count(4, what)];
        for (int i = 0; i < result.length; i++) {
            result[i] = i32(what);
        }
        return result;
    }

    MemorySegment slice(long length, String what) throws Malformed {
        return bytes.asSlice(next(length, what), length);
    }

    boolean isAtEnd() {
        return left() == 0;
    }

    private long left() {
        return bytes.byteSize() - at;
    }

    /// The place of the next bytes, which are skipped.
    private long next(long count, String what) throws Malformed {
        if (left() < count) {
            throw new Malformed("it ends inside " + what);
        }
        long place = at;
        at += count;
        return place;
    }
}
