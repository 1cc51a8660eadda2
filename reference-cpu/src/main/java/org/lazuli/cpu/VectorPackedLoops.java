package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// [PackedLoops] by the Vector API.
///
/// An element takes three operations: it is masked out of its word, where it stays, converted, and multiplied and added. The last of a word, which would
/// be negative there, is shifted down instead.
final class VectorPackedLoops extends PackedLoops {
    private static final VectorSpecies<Float> FLOATS = VectorFunctions.SPECIES;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final int LANES = FLOATS.length();

    /// Rows that are computed at a time.
    private static final int ROWS = 4;

    /// For elements of 1, 2, 4 and 8 bits, by the logarithm: a vector for each place but the last.
    private static final int[][] MASKS = {masks(1), masks(2), masks(4), masks(8)};

    /// For 1, 2, 4 … words in a group: which of the scales from a group on each lane needs.
    private static final VectorShuffle<Float>[] SPREAD = spreads();

    private static int[] masks(int bits) {
        int[] masks = new int[(32 / bits - 1) * LANES];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = ((1 << bits) - 1) << (i / LANES * bits);
        }
        return masks;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorShuffle<Float>[] spreads() {
        VectorShuffle<Float>[] result = new VectorShuffle[Integer.numberOfTrailingZeros(LANES) + 1];
        for (int i = 0; i < result.length; i++) {
            int log = i;
            result[i] = VectorShuffle.fromOp(FLOATS, lane -> lane >> log);
        }
        return result;
    }

    @Override
    int wholeWords(int words) {
        return words - words % LANES;
    }

    /// Four rows at a time, which share what they meet. The last four may be some of those before once more; where
    /// there are not four, each row is four times the same.
    @Override
    void products(
            PackedMatrix matrix,
            int row,
            int rows,
            int words,
            float[] x,
            float[] groupSums,
            float[] scales,
            float[] biases,
            float[] product,
            int at) {
        int step = rows < ROWS ? 0 : 1;
        int last = rows - 1 - (ROWS - 1) * step;
        for (int i = 0; i < rows; i += 1 + (ROWS - 1) * step) {
            int first = Math.min(i, last);
            int from = first * matrix.groups;
            storeBiases(biases, from, step * matrix.groups, groupSums, matrix.groups, product, at + first, step);
            addProducts(matrix, row + first, words, x, scales, from, product, at + first, step);
        }
    }

    /// What biases contribute. In one method with [#addProducts], the compiler would give up on it.
    private static void storeBiases(
            float[] biases, int from, int row, float[] sums, int groups, float[] product, int at, int step) {
        FloatVector r0 = FloatVector.zero(FLOATS);
        FloatVector r1 = r0;
        FloatVector r2 = r0;
        FloatVector r3 = r0;
        int g = 0;
        for (; g <= groups - LANES; g += LANES) {
            FloatVector s = load(sums, g);
            r0 = load(biases, from + g).fma(s, r0);
            r1 = load(biases, from + row + g).fma(s, r1);
            r2 = load(biases, from + 2 * row + g).fma(s, r2);
            r3 = load(biases, from + 3 * row + g).fma(s, r3);
        }
        product[at] = VectorFunctions.quickTotal(r0);
        product[at + step] = VectorFunctions.quickTotal(r1);
        product[at + 2 * step] = VectorFunctions.quickTotal(r2);
        product[at + 3 * step] = VectorFunctions.quickTotal(r3);
        for (int i = g; i < groups; i++) {
            for (int r = 0; r < 1 + (ROWS - 1) * step; r++) {
                product[at + r] += biases[from + r * row + i] * sums[i];
            }
        }
    }

    private static void addProducts(
            PackedMatrix matrix,
            int row,
            int words,
            float[] x,
            float[] scales,
            int from,
            float[] product,
            int at,
            int step) {
        int[] packed = matrix.array;
        int bits = matrix.bits;
        int stride = matrix.words;
        int[] masks = MASKS[Integer.numberOfTrailingZeros(bits)];
        VectorShuffle<Float> spread = SPREAD[Integer.numberOfTrailingZeros(Math.min(matrix.unitsPerGroup, LANES))];
        int group = Integer.numberOfTrailingZeros(matrix.unitsPerGroup);
        int last = (32 / bits - 1) * stride;
        int at0 = matrix.at + row * stride;
        int at1 = at0 + step * stride;
        int at2 = at1 + step * stride;
        int at3 = at2 + step * stride;
        int from1 = from + step * matrix.groups;
        int from2 = from1 + step * matrix.groups;
        int from3 = from2 + step * matrix.groups;
        FloatVector r0 = FloatVector.zero(FLOATS);
        FloatVector r1 = r0;
        FloatVector r2 = r0;
        FloatVector r3 = r0;
        for (int w = 0; w < words; w += LANES) {
            IntVector c0 = IntVector.fromArray(INTS, packed, at0 + w);
            IntVector c1 = IntVector.fromArray(INTS, packed, at1 + w);
            IntVector c2 = IntVector.fromArray(INTS, packed, at2 + w);
            IntVector c3 = IntVector.fromArray(INTS, packed, at3 + w);
            FloatVector y = load(x, last + w);
            FloatVector s0 = last(c0, bits).mul(y);
            FloatVector s1 = last(c1, bits).mul(y);
            FloatVector s2 = last(c2, bits).mul(y);
            FloatVector s3 = last(c3, bits).mul(y);
            for (int mask = 0, i = w; mask < masks.length; mask += LANES, i += stride) {
                IntVector m = IntVector.fromArray(INTS, masks, mask);
                y = load(x, i);
                s0 = floats(c0.and(m)).fma(y, s0);
                s1 = floats(c1.and(m)).fma(y, s1);
                s2 = floats(c2.and(m)).fma(y, s2);
                s3 = floats(c3.and(m)).fma(y, s3);
            }
            int g = w >> group;
            r0 = s0.fma(load(scales, from + g).rearrange(spread), r0);
            r1 = s1.fma(load(scales, from1 + g).rearrange(spread), r1);
            r2 = s2.fma(load(scales, from2 + g).rearrange(spread), r2);
            r3 = s3.fma(load(scales, from3 + g).rearrange(spread), r3);
        }
        product[at] += VectorFunctions.quickTotal(r0);
        if (step == 0) {
            return;
        }
        product[at + 1] += VectorFunctions.quickTotal(r1);
        product[at + 2] += VectorFunctions.quickTotal(r2);
        product[at + 3] += VectorFunctions.quickTotal(r3);
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(FLOATS, a, i);
    }

    private static FloatVector floats(IntVector codes) {
        return (FloatVector) codes.convert(VectorOperators.I2F, 0);
    }

    private static FloatVector last(IntVector codes, int bits) {
        return floats(codes.lanewise(VectorOperators.LSHR, 32 - bits));
    }
}
