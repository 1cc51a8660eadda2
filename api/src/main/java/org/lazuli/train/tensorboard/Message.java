package org.lazuli.train.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A message in the encoding of protocol buffers: fields one after another, each with its number and kind before it.
final class Message {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    Message real(int field, double value) {
        varint((long) field << 3 | EIGHT_BYTES);
        littleEndian(Double.doubleToRawLongBits(value), 8);
        return this;
    }

    Message real(int field, float value) {
        varint((long) field << 3 | FOUR_BYTES);
        littleEndian(Float.floatToRawIntBits(value), 4);
        return this;
    }

    Message text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
        return bytes(field, value.toByteArray());
    }

    private Message bytes(int field, byte... value) {
        varint((long) field << 3 | BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /// Seven bits a byte, the lowest first; the highest bit of a byte says that there are more.
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private void littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
