package org.lazuli.io;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// How GGUF stores the elements of an array: as numbers, or in blocks that share scales.
///
/// Blocks of one scale are what [Quantization#AFFINE] has and stay packed; all others become float16 ([GgufBlocks]).
enum GgufType {
    F32(0, DType.FLOAT32),
    F16(1, DType.FLOAT16),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    I8(24, DType.INT8),
    I16(25, DType.INT16),
    I32(26, DType.INT32),
    I64(27, DType.INT64),
    F64(28, DType.FLOAT64),
    BF16(30, DType.BFLOAT16);

    /// The elements of a block that stays packed.
    private static final int BLOCK = 32;

    private static final String SUFFIX = ".weight";

    /// The names of types that are not read, by their codes.
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int code;

    /// The type of the elements, or null if they come in blocks.
    private final @Nullable DType dtype;

    /// The elements of a block, or 1.
    private final int block;

    /// The bytes of an element, or of a block.
    private final int size;

    GgufType(int code, DType dtype) {
        this.code = code;
        this.dtype = dtype;
        this.block = 1;
        this.size = dtype.bytes();
    }

    GgufType(int code, int block, int blockBytes) {
        this.code = code;
        this.dtype = null;
        this.block = block;
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
                if (type.dtype == null && (shape.rank() == 0 || shape.dim(-1) % type.block != 0)) {
                    throw new TensorFileException(
                            file,
                            "array '" + name + "' of shape " + shape + " cannot consist of blocks of " + type.block,
                            TensorFileException.DAMAGED);
                }
                return type;
            }
        }
        String known = OTHERS.get(code);
        throw new TensorFileException(
                file,
                "array '" + name + "' is of type " + Integer.toUnsignedString(code)
                        + (known == null ? "" : ", " + known) + ", which is not supported",
                "convert the file to F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 or Q2_K to Q6_K");
    }

    long bytes(Shape shape) {
        return (long) shape.size() / block * size;
    }

    /// An entry's array, or the packed elements, scales and biases that it consists of.
    static Map<String, Array> arrays(GgufHeader.Entry entry, DataFile data) {
        GgufType type = entry.type();
        DType dtype = type.dtype;
        if (dtype != null) {
            return Map.of(entry.name(), data.array(entry.start(), dtype, entry.shape(), ByteOrder.LITTLE_ENDIAN));
        }
        Shape shape = entry.shape();
        Shape blocks = shape.with(-1, shape.dim(-1) / type.block).concat(Shape.of(type.size));
        Array raw = data.array(entry.start(), DType.UINT8, blocks, ByteOrder.LITTLE_ENDIAN);
        String name = entry.name();
        if (!type.isAffine()) {
            return Map.of(name, Memory.owning(() -> GgufBlocks.values(type, raw)));
        }
        String prefix = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        Parts parts = Memory.owning(() -> type.parts(raw));
        SequencedMap<String, Array> result = new LinkedHashMap<>();
        result.put(name, parts.weight);
        result.put(prefix + ".scales", parts.scales);
        result.put(prefix + ".biases", parts.biases);
        return result;
    }

    /// Whether each block has one scale and one bias, which [Quantization#AFFINE] holds without loss.
    private boolean isAffine() {
        return this == Q4_0 || this == Q4_1 || this == Q8_0;
    }

    private record Parts(Array weight, Array scales, Array biases) {}

    /// @param raw the bytes of blocks, of shape (…,blocks,bytes)
    private Parts parts(Array raw) {
        Array scales = GgufBlocks.half(raw, 0);
        return switch (this) {
            // Signed numbers around 0, or 8: an element q stands for scale * (q - 8).
            case Q4_0 -> new Parts(packed(GgufBlocks.nibbles(raw, 2), 4), scales, scales.mul(-8));
            case Q4_1 -> new Parts(packed(GgufBlocks.nibbles(raw, 4), 4), scales, GgufBlocks.half(raw, 2));
            // Two's complement: with the highest bit flipped it is 128 more.
            case Q8_0 ->
                new Parts(packed(GgufBlocks.bytes(raw, 2, 2 + BLOCK).bitwiseXor(0x80), 8), scales, scales.mul(-128));
            default -> throw new AssertionError(this + " is not affine");
        };
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
