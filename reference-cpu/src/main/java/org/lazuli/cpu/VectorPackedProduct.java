package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// [VectorSupport#packedProduct] by the Vector API.
///
/// An element takes three operations: it is masked out of its word, where it stays, converted, and multiplied and added. The last of a word, which would
/// be negative there, is shifted down instead.
final class VectorPackedProduct {
    private static final VectorSpecies<Float> FLOATS = VectorFunctions.SPECIES;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final int LANES = FLOATS.length();

    /// For elements of 1, 2, 4 and 8 bits, by the logarithm: a vector for each place but the last.
    private static final int[][] MASKS = {masks(1), masks(2), masks(4), masks(8)};

    /// For 1, 2, 4 … words in a group: which of the scales from a group on each lane needs.
    private static final VectorShuffle<Float>[] SPREAD = spreads();

    private VectorPackedProduct() {}

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

    /// As [VectorSupport#packedProduct]. Two vectors of words at a time, so that one does not wait for the sums of the other.
    static float run(
            int[] packed, int at, int words, int bits, float[] x, int stride, float[] scales, int wordsPerGroup) {
        int[] masks = MASKS[Integer.numberOfTrailingZeros(bits)];
        VectorShuffle<Float> spread = SPREAD[Integer.numberOfTrailingZeros(Math.min(wordsPerGroup, LANES))];
        int group = Integer.numberOfTrailingZeros(wordsPerGroup);
        int last = (32 / bits - 1) * stride;
        FloatVector r0 = FloatVector.zero(FLOATS);
        FloatVector r1 = r0;
        int w = 0;
        for (; w < words - LANES; w += 2 * LANES) {
            IntVector c0 = IntVector.fromArray(INTS, packed, at + w);
            IntVector c1 = IntVector.fromArray(INTS, packed, at + w + LANES);
            FloatVector s0 = last(c0, bits).mul(load(x, last + w));
            FloatVector s1 = last(c1, bits).mul(load(x, last + w + LANES));
            for (int mask = 0, i = w; mask < masks.length; mask += LANES, i += stride) {
                IntVector m = IntVector.fromArray(INTS, masks, mask);
                s0 = floats(c0.and(m)).fma(load(x, i), s0);
                s1 = floats(c1.and(m)).fma(load(x, i + LANES), s1);
            }
            r0 = s0.fma(load(scales, w >> group).rearrange(spread), r0);
            r1 = s1.fma(load(scales, (w + LANES) >> group).rearrange(spread), r1);
        }
        if (w < words) {
            IntVector c = IntVector.fromArray(INTS, packed, at + w);
            FloatVector s = last(c, bits).mul(load(x, last + w));
            for (int mask = 0, i = w; mask < masks.length; mask += LANES, i += stride) {
                s = floats(c.and(IntVector.fromArray(INTS, masks, mask))).fma(load(x, i), s);
            }
            r0 = s.fma(load(scales, w >> group).rearrange(spread), r0);
        }
        return VectorFunctions.quickTotal(r0.add(r1));
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
