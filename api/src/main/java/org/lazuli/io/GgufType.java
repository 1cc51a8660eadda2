package org.lazuli.io;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// How GGUF stores the elements of an array: as numbers, or in blocks of 32 that share a scale.
enum GgufType {
    F32(0, DType.FLOAT32),
    F16(1, DType.FLOAT16),
    Q4_0(2, 18),
    Q4_1(3, 20),
    Q8_0(8, 34),
    I8(24, DType.INT8),
    I16(25, DType.INT16),
    I32(26, DType.INT32),
    I64(27, DType.INT64),
    F64(28, DType.FLOAT64),
    BF16(30, DType.BFLOAT16);

    private static final int BLOCK = 32;
    private static final String SUFFIX = ".weight";

    private final int code;

    /// The type of the elements, or null if they come in blocks.
    private final @Nullable DType dtype;

    /// The bytes of an element, or of a block.
    private final int size;

    GgufType(int code, DType dtype) {
        this.code = code;
        this.dtype = dtype;
        this.size = dtype.bytes();
    }

    GgufType(int code, int blockBytes) {
        this.code = code;
        this.dtype = null;
        this.size = blockBytes;
    }

    /// The code of a type that MLX writes.
    static int code(String name, DType dtype) {
        for (GgufType type : new GgufType[] {F32, F16, I8, I16, I32}) {
            if (type.dtype == dtype) {
                return type.code;
            }
        }
        throw new IllegalArgumentException("gguf: '" + name + "' is " + dtype
                + ", which MLX's GGUF files do not hold: save it as safetensors, or as astype(DType.FLOAT32)");
    }

    static GgufType of(Path file, String name, int code, Shape shape) {
        for (GgufType type : values()) {
            if (type.code == code) {
                if (type.dtype == null && (shape.rank() == 0 || shape.dim(-1) % BLOCK != 0)) {
                    throw new TensorFileException(
                            file,
                            "array '" + name + "' of shape " + shape + " cannot consist of blocks of " + BLOCK,
                            TensorFileException.DAMAGED);
                }
                return type;
            }
        }
        throw new TensorFileException(
                file,
                "array '" + name + "' is of type " + Integer.toUnsignedString(code) + ", which is not supported",
                "convert the file to F32, F16, Q4_0, Q4_1 or Q8_0");
    }

    long bytes(Shape shape) {
        return dtype == null ? (long) shape.size() / BLOCK * size : (long) shape.size() * size;
    }

    /// An entry's array, or the packed elements, scales and biases that it consists of.
    static Map<String, Array> arrays(GgufHeader.Entry entry, DataFile data) {
        GgufType type = entry.type();
        DType dtype = type.dtype;
        if (dtype != null) {
            return Map.of(entry.name(), data.array(entry.start(), dtype, entry.shape(), ByteOrder.LITTLE_ENDIAN));
        }
        Shape shape = entry.shape();
        Shape blocks = shape.with(-1, shape.dim(-1) / BLOCK).concat(Shape.of(type.size));
        Array raw = data.array(entry.start(), DType.UINT8, blocks, ByteOrder.LITTLE_ENDIAN);
        String name = entry.name();
        String prefix = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        Parts parts = Memory.owning(() -> type.parts(raw));
        SequencedMap<String, Array> result = new LinkedHashMap<>();
        result.put(name, parts.weight);
        result.put(prefix + ".scales", parts.scales);
        result.put(prefix + ".biases", parts.biases);
        return result;
    }

    private record Parts(Array weight, Array scales, Array biases) {}

    /// @param raw the bytes of blocks, of shape (…,blocks,bytes)
    private Parts parts(Array raw) {
        Array scales = half(raw, 0);
        return switch (this) {
            // Signed numbers around 0, or 8: an element q stands for scale * (q - 8).
            case Q4_0 -> new Parts(nibbles(bytes(raw, 2)), scales, scales.mul(-8));
            case Q4_1 -> new Parts(nibbles(bytes(raw, 4)), scales, half(raw, 2));
            // Two's complement: with the highest bit flipped it is 128 more.
            case Q8_0 -> new Parts(packed(bytes(raw, 2).bitwiseXor(0x80), 8), scales, scales.mul(-128));
            default -> throw new AssertionError(this + " has no blocks");
        };
    }

    /// The float16 number at a place in each block.
    private static Array half(Array raw, int at) {
        Array low = raw.get(Index.rest(), Index.at(at)).astype(DType.UINT16);
        Array high = raw.get(Index.rest(), Index.at(at + 1)).astype(DType.UINT16);
        return high.leftShift(8).bitwiseOr(low).view(DType.FLOAT16);
    }

    /// The elements of each block, from a place on.
    private static Array bytes(Array raw, int from) {
        return raw.get(Index.rest(), Index.from(from));
    }

    /// The low halves of all bytes of a block are its first elements, the high halves the others.
    private static Array nibbles(Array bytes) {
        return packed(Ops.concatenate(List.of(bytes.bitwiseAnd(15), bytes.rightShift(4)), -1), 4);
    }

    private static Array packed(Array elements, int bits) {
        int perWord = 32 / bits;
        Array places = Ops.arange(0, 32, bits, DType.UINT32);
        Array words = elements.astype(DType.UINT32)
                .unflatten(-1, BLOCK / perWord, perWord)
                .leftShift(places)
                .sum(-1);
        return words.flatten(-2, -1);
    }
}
