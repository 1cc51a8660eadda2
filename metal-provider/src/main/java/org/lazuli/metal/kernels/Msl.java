package org.lazuli.metal.kernels;

import org.lazuli.DType;

/// Pieces of text in Metal's shading language.
public final class Msl {
    /// The beginning of every source. Products and sums are rounded one by one, so that a fused kernel gives the bits of its instructions.
    public static final String PRELUDE = """
            #include <metal_stdlib>
            #pragma METAL fp contract(off)
            using namespace metal;
            """;

    private Msl() {}

    /// The type of an element in memory. A `bool` is a byte that is 0 or 1.
    ///
    /// @throws IllegalArgumentException for float64, which Metal lacks
    public static String storage(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8 -> "uchar";
            case UINT16 -> "ushort";
            case UINT32 -> "uint";
            case UINT64 -> "ulong";
            case INT8 -> "char";
            case INT16 -> "short";
            case INT32 -> "int";
            case INT64 -> "long";
            case FLOAT16 -> "half";
            case BFLOAT16 -> "bfloat";
            case FLOAT32 -> "float";
            case COMPLEX64 -> "float2";
            case FLOAT64 -> throw new IllegalArgumentException("Metal has no float64");
        };
    }

    /// An unsigned integer of this many bytes: for what moves elements without looking at them.
    public static String word(int bytes) {
        return switch (bytes) {
            case 1 -> "uchar";
            case 2 -> "ushort";
            case 4 -> "uint";
            case 8 -> "ulong";
            default -> throw new IllegalArgumentException("no word has " + bytes + " bytes");
        };
    }
}
