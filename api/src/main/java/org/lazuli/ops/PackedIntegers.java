package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Small unsigned integers packed along the last axis into `uint32`, the first into the lowest bits. 32 integers take as many words as
/// each has bits, so that where the bits do not divide 32 some integers lie in two words.
final class PackedIntegers {
    private PackedIntegers() {}

    /// @param values `uint32`, each less than `2^bits`, of shape (…,n) with n a multiple of 32
    static Array pack(Array values, int bits) {
        Shape shape = values.shape();
        int n = shape.dim(-1);
        if (32 % bits == 0) {
            int perWord = 32 / bits;
            Array words = Shapes.unflatten(values, -1, new int[] {n / perWord, perWord})
                    .leftShift(positions(perWord, bits));
            return words.sum(-1);
        }
        // Every word picks the integers that have a part in it, and moves them up or down.
        int most = (32 + bits - 1) / bits + 1;
        int[] from = new int[bits * most];
        long[] factors = new long[bits * most];
        int[] down = new int[bits * most];
        for (int word = 0; word < bits; word++) {
            int first = word * 32 / bits;
            for (int k = 0; k < most && (first + k) * bits < (word + 1) * 32; k++) {
                int at = word * most + k;
                int shift = (first + k) * bits - word * 32;
                from[at] = first + k;
                factors[at] = 1L << Math.max(shift, 0);
                down[at] = Math.max(-shift, 0);
            }
        }
        Array groups = Shapes.unflatten(values, -1, new int[] {n / 32, 32});
        Array parts = groups.take(Ops.array(from), -1)
                .mul(Ops.array(factors, DType.UINT32))
                .rightShift(Ops.array(down, DType.UINT32));
        Array words = Shapes.unflatten(parts, -1, new int[] {bits, most}).sum(Axes.of(-1));
        return Shapes.flatten(words, -2, -1);
    }

    /// The integers in `uint32` words of shape (…,words), as `uint32` of shape (…,n).
    static Array unpack(Array words, int bits) {
        int count = words.dim(-1);
        if (32 % bits == 0) {
            int perWord = 32 / bits;
            Array shifted = Shapes.expandDims(words, words.ndim()).rightShift(positions(perWord, bits));
            return Shapes.flatten(shifted.bitwiseAnd((1 << bits) - 1), -2, -1);
        }
        int[] low = new int[32];
        int[] high = new int[32];
        int[] down = new int[32];
        long[] factors = new long[32];
        for (int i = 0; i < 32; i++) {
            low[i] = i * bits / 32;
            down[i] = i * bits % 32;
            boolean goesOn = down[i] + bits > 32;
            high[i] = goesOn ? low[i] + 1 : low[i];
            factors[i] = goesOn ? 1L << (32 - down[i]) : 0;
        }
        Array groups = Shapes.unflatten(words, -1, new int[] {count / bits, bits});
        Array start = groups.take(Ops.array(low), -1).rightShift(Ops.array(down, DType.UINT32));
        Array rest = groups.take(Ops.array(high), -1).mul(Ops.array(factors, DType.UINT32));
        return Shapes.flatten(start.bitwiseOr(rest).bitwiseAnd((1 << bits) - 1), -2, -1);
    }

    private static Array positions(int count, int bits) {
        return Ops.arange(0, count * bits, bits, DType.UINT32);
    }
}
