package org.lazuli.io;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;

/// The elements of GGUF's blocks that [org.lazuli.Quantization] has no form for, as float16.
///
/// In the blocks called K, of 256 elements, each group of 16 or 32 has a scale of a few bits, and some have a minimum, which the block's own scales in
/// float16 multiply. The bits of elements and of scales lie apart, low ones first.
///
/// See also: the layouts in [ggml](https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h).
final class GgufBlocks {
    private GgufBlocks() {}

    /// @param raw the bytes of blocks, of shape (…,blocks,bytes)
    /// @return float16 of shape (…,elements)
    static Array values(GgufType type, Array raw) {
        Array values = switch (type) {
            case Q5_0 ->
                number(half(raw, 0)).expandDims(-1).mul(number(fiveBits(raw, 2)).sub(16));
            case Q5_1 ->
                number(half(raw, 0))
                        .expandDims(-1)
                        .mul(number(fiveBits(raw, 4)))
                        .add(number(half(raw, 2)).expandDims(-1));
            case Q2_K -> {
                Array scales = bytes(raw, 0, 16);
                yield scaled(half(raw, 80), scales.bitwiseAnd(15), number(twoBits(raw, 16)))
                        .sub(minima(half(raw, 82), scales.rightShift(4)))
                        .flatten(-2, -1);
            }
            case Q3_K -> {
                Array high = bytes(raw, 0, 32)
                        .unflatten(-1, 1, 1, 32)
                        .rightShift(shifts(0, 1, 2, 3, 4, 5, 6, 7).reshape(2, 4, 1))
                        .bitwiseAnd(1);
                Array elements = number(twoBits(raw, 32))
                        .add(number(groups(high, 16)).sub(1).mul(4));
                yield scaled(half(raw, 108), sixBits(raw, 96), elements).flatten(-2, -1);
            }
            case Q4_K -> withMinima(raw, number(halves(raw, 16)));
            case Q5_K -> {
                Array high = bytes(raw, 16, 48)
                        .unflatten(-1, 1, 32)
                        .rightShift(shifts(0, 1, 2, 3, 4, 5, 6, 7).reshape(8, 1))
                        .bitwiseAnd(1);
                yield withMinima(raw, number(halves(raw, 48).bitwiseOr(high.leftShift(4))));
            }
            case Q6_K -> {
                Array low = bytes(raw, 0, 128)
                        .unflatten(-1, 2, 1, 2, 32)
                        .rightShift(shifts(0, 4).reshape(2, 1, 1))
                        .bitwiseAnd(15);
                Array high = bytes(raw, 128, 192)
                        .unflatten(-1, 2, 1, 1, 32)
                        .rightShift(shifts(0, 2, 4, 6).reshape(2, 2, 1))
                        .bitwiseAnd(3);
                Array elements =
                        low.bitwiseOr(high.leftShift(4)).flatten(-4, -1).unflatten(-1, 16, 16);
                Array scales = bytes(raw, 192, 208).view(DType.INT8);
                yield scaled(half(raw, 208), scales, number(elements).sub(32)).flatten(-2, -1);
            }
            default -> throw new AssertionError(type + " is no type of such blocks");
        };
        return values.flatten(-2, -1).astype(DType.FLOAT16);
    }

    // -------------------------------------------------------------------------------------------------- pieces

    /// The float16 number at a place in each block.
    static Array half(Array raw, int at) {
        return bytes(raw, at, at + 2).view(DType.FLOAT16).squeeze(-1);
    }

    /// The bytes from a place to before another in each block.
    static Array bytes(Array raw, int from, int to) {
        return raw.get(Index.rest(), Index.span(from, to));
    }

    /// The 32 elements of four bits from a place on: the low halves of 16 bytes, then the high halves.
    static Array nibbles(Array raw, int from) {
        Array bytes = bytes(raw, from, from + 16);
        return Ops.concatenate(List.of(bytes.bitwiseAnd(15), bytes.rightShift(4)), -1);
    }

    /// The 32 elements of five bits: first the highest bits of all.
    private static Array fiveBits(Array raw, int from) {
        Array high = bytes(raw, from, from + 4)
                .expandDims(-1)
                .rightShift(shifts(0, 1, 2, 3, 4, 5, 6, 7))
                .bitwiseAnd(1)
                .flatten(-2, -1);
        return nibbles(raw, from + 4).bitwiseOr(high.leftShift(4));
    }

    /// The 16 groups of 16 elements of two bits: a byte holds elements that are 32 apart.
    private static Array twoBits(Array raw, int from) {
        Array bits = bytes(raw, from, from + 64)
                .unflatten(-1, 2, 1, 32)
                .rightShift(shifts(0, 2, 4, 6).reshape(4, 1))
                .bitwiseAnd(3);
        return groups(bits, 16);
    }

    /// Elements of shape (…,2,4,32) in groups of a size.
    private static Array groups(Array elements, int size) {
        return elements.flatten(-3, -1).unflatten(-1, 256 / size, size);
    }

    /// The 8 groups of 32 elements of four bits: a byte holds elements of neighbouring groups.
    private static Array halves(Array raw, int from) {
        return bytes(raw, from, from + 128)
                .unflatten(-1, 4, 1, 32)
                .rightShift(shifts(0, 4).reshape(2, 1))
                .bitwiseAnd(15)
                .flatten(-3, -2);
    }

    /// 16 signed scales of six bits in 12 bytes: the low four bits of all, then the high two.
    private static Array sixBits(Array raw, int from) {
        Array bytes = bytes(raw, from, from + 8);
        Array low = Ops.concatenate(List.of(bytes.bitwiseAnd(15), bytes.rightShift(4)), -1);
        Array high = bytes(raw, from + 8, from + 12)
                .unflatten(-1, 1, 4)
                .rightShift(shifts(0, 2, 4, 6).reshape(4, 1))
                .bitwiseAnd(3)
                .flatten(-2, -1);
        return number(low.bitwiseOr(high.leftShift(4))).sub(32);
    }

    /// Blocks that begin with two scales, and 8 scales and 8 minima of six bits in 12 bytes.
    private static Array withMinima(Array raw, Array elements) {
        Array first = bytes(raw, 4, 8);
        Array second = bytes(raw, 8, 12);
        Array third = bytes(raw, 12, 16);
        Array scales = Ops.concatenate(
                List.of(
                        first.bitwiseAnd(63),
                        third.bitwiseAnd(15).bitwiseOr(first.rightShift(6).leftShift(4))),
                -1);
        Array minima = Ops.concatenate(
                List.of(
                        second.bitwiseAnd(63),
                        third.rightShift(4).bitwiseOr(second.rightShift(6).leftShift(4))),
                -1);
        return scaled(half(raw, 0), scales, elements)
                .sub(minima(half(raw, 2), minima))
                .flatten(-2, -1);
    }

    private static Array scaled(Array scale, Array scales, Array elements) {
        return minima(scale, scales).mul(elements);
    }

    /// One number for each group.
    private static Array minima(Array scale, Array each) {
        return number(scale).expandDims(-1).mul(number(each)).expandDims(-1);
    }

    private static Array number(Array array) {
        return array.astype(DType.FLOAT32);
    }

    private static Array shifts(int... bits) {
        return Ops.array(bits).astype(DType.UINT8);
    }
}
