package org.lazuli.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes numbers and texts in the order of bytes of the format, lowest first.
final class ByteWriter {
    private final OutputStream out;

    ByteWriter(OutputStream out) {
        this.out = out;
    }

    void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void u8(int value) throws IOException {
        out.write(value);
    }

    void i32(int value) throws IOException {
        bytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    void i64(long value) throws IOException {
        bytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    void text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        i32(bytes.length);
        bytes(bytes);
    }

    void ints(int... values) throws IOException {
        i32(values.length);
        for (int value : values) {
            i32(value);
        }
    }
}
