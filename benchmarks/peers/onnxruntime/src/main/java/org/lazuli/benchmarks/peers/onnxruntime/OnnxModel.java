package org.lazuli.benchmarks.peers.onnxruntime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A small model in the format of ONNX, written field by field: a message of Protocol Buffers whose numbers are those of the fields of `onnx.proto`.
///
/// See: ONNX, *Open Neural Network Exchange Intermediate Representation Specification*; Protocol Buffers, *Encoding*.
final class OnnxModel {
    private static final int FLOAT = 1;

    private final List<byte[]> nodes = new ArrayList<>();
    private final List<byte[]> inputs = new ArrayList<>();
    private final List<byte[]> outputs = new ArrayList<>();

    OnnxModel input(String name, long... shape) {
        inputs.add(value(name, shape));
        return this;
    }

    OnnxModel output(String name, long... shape) {
        outputs.add(value(name, shape));
        return this;
    }

    /// @param attributes messages of [#attribute]
    OnnxModel node(String operation, List<String> from, String to, byte[]... attributes) {
        Message node = new Message();
        from.forEach(name -> node.text(1, name));
        node.text(2, to).text(4, operation);
        for (byte[] attribute : attributes) {
            node.bytes(5, attribute);
        }
        nodes.add(node.toBytes());
        return this;
    }

    static byte[] attribute(String name, float value) {
        return new Message().text(1, name).fixed(2, value).number(20, 1).toBytes();
    }

    static byte[] attribute(String name, long value) {
        return new Message().text(1, name).number(3, value).number(20, 2).toBytes();
    }

    byte[] toBytes() {
        Message graph = new Message();
        nodes.forEach(node -> graph.bytes(1, node));
        graph.text(2, "benchmark");
        inputs.forEach(input -> graph.bytes(11, input));
        outputs.forEach(output -> graph.bytes(12, output));
        byte[] operators = new Message().text(1, "").number(2, 17).toBytes();
        return new Message()
                .number(1, 8)
                .bytes(7, graph.toBytes())
                .bytes(8, operators)
                .toBytes();
    }

    private static byte[] value(String name, long... shape) {
        Message dimensions = new Message();
        for (long side : shape) {
            dimensions.bytes(1, new Message().number(1, side).toBytes());
        }
        byte[] tensor =
                new Message().number(1, FLOAT).bytes(2, dimensions.toBytes()).toBytes();
        return new Message()
                .text(1, name)
                .bytes(2, new Message().bytes(1, tensor).toBytes())
                .toBytes();
    }

    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message fixed(int field, float value) {
            varint((long) field << 3 | 5);
            int bits = Float.floatToRawIntBits(value);
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(bits >>> shift);
            }
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
