package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The tiles of eight rows and two vectors that large products consist of, and what they are packed by.
///
/// They do what [VectorMicroKernel] does for any strides, with strides that the compiler knows: so it sees before a loop that all places lie in
/// their arrays, checks none of them inside, and takes factors from memory to all lanes at once. That is a quarter faster.
final class VectorTiles {
    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final int LANES = SPECIES.length();

    /// What operands are packed by, where the machine has it.
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

    /// Whether the machine has vectors of eight elements.
    static final boolean EIGHTS = LANES >= 8;

    private static final VectorShuffle<Float> BY_ONE = VectorShuffle.fromOp(EIGHT, i -> i ^ 1);
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.fromOp(EIGHT, i -> i ^ 2);
    private static final VectorShuffle<Float> BY_FOUR = VectorShuffle.fromOp(EIGHT, i -> i ^ 4);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(EIGHT, 0b1010_1010);
    private static final VectorMask<Float> PAIRS = VectorMask.fromLong(EIGHT, 0b1100_1100);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(EIGHT, 0b1111_0000);

    /// The rows of a tile.
    static final int ROWS = 8;

    /// The columns of a tile, and the distance of rows of a packed right operand.
    static final int WIDE = 2 * LANES;

    private VectorTiles() {}

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    /// A tile of which the elements of each row of `a` lie next to each other, with a packed `b`.
    static void lines(
            float[] a, int aAt, int aRow, float[] b, int bAt, int depth, float[] c, int cAt, int cRow, boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + LANES);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + LANES);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + LANES);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + LANES);
            c40 = load(c, cAt + 4 * cRow);
            c41 = load(c, cAt + 4 * cRow + LANES);
            c50 = load(c, cAt + 5 * cRow);
            c51 = load(c, cAt + 5 * cRow + LANES);
            c60 = load(c, cAt + 6 * cRow);
            c61 = load(c, cAt + 6 * cRow + LANES);
            c70 = load(c, cAt + 7 * cRow);
            c71 = load(c, cAt + 7 * cRow + LANES);
        }
        for (int p = 0; p < depth; p++) {
            int i = aAt + p;
            int j = bAt + p * WIDE;
            FloatVector b0 = load(b, j);
            FloatVector b1 = load(b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + aRow]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2 * aRow]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3 * aRow]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4 * aRow]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5 * aRow]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[i + 6 * aRow]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[i + 7 * aRow]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + LANES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + LANES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + LANES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + LANES);
    }

    /// Half of it: a tile one vector wide, stored and never added. With the loads for that, the method would be so large that in some processes the JIT
    /// compiler puts some of the sums into objects, in every turn of the loop.
    static void narrow(float[] a, int aAt, int aRow, float[] b, int bAt, int depth, float[] c, int cAt, int cRow) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector c4 = FloatVector.zero(SPECIES);
        FloatVector c5 = FloatVector.zero(SPECIES);
        FloatVector c6 = FloatVector.zero(SPECIES);
        FloatVector c7 = FloatVector.zero(SPECIES);
        for (int p = 0; p < depth; p++) {
            int i = aAt + p;
            FloatVector x = load(b, bAt + p * LANES);
            c0 = FloatVector.broadcast(SPECIES, a[i]).fma(x, c0);
            c1 = FloatVector.broadcast(SPECIES, a[i + aRow]).fma(x, c1);
            c2 = FloatVector.broadcast(SPECIES, a[i + 2 * aRow]).fma(x, c2);
            c3 = FloatVector.broadcast(SPECIES, a[i + 3 * aRow]).fma(x, c3);
            c4 = FloatVector.broadcast(SPECIES, a[i + 4 * aRow]).fma(x, c4);
            c5 = FloatVector.broadcast(SPECIES, a[i + 5 * aRow]).fma(x, c5);
            c6 = FloatVector.broadcast(SPECIES, a[i + 6 * aRow]).fma(x, c6);
            c7 = FloatVector.broadcast(SPECIES, a[i + 7 * aRow]).fma(x, c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + cRow);
        c2.intoArray(c, cAt + 2 * cRow);
        c3.intoArray(c, cAt + 3 * cRow);
        c4.intoArray(c, cAt + 4 * cRow);
        c5.intoArray(c, cAt + 5 * cRow);
        c6.intoArray(c, cAt + 6 * cRow);
        c7.intoArray(c, cAt + 7 * cRow);
    }

    /// A tile of packed operands: the eight elements of a column of `a` lie next to each other.
    static void packed(float[] a, int aAt, float[] b, int bAt, int depth, float[] c, int cAt, int cRow, boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + LANES);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + LANES);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + LANES);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + LANES);
            c40 = load(c, cAt + 4 * cRow);
            c41 = load(c, cAt + 4 * cRow + LANES);
            c50 = load(c, cAt + 5 * cRow);
            c51 = load(c, cAt + 5 * cRow + LANES);
            c60 = load(c, cAt + 6 * cRow);
            c61 = load(c, cAt + 6 * cRow + LANES);
            c70 = load(c, cAt + 7 * cRow);
            c71 = load(c, cAt + 7 * cRow + LANES);
        }
        for (int p = 0; p < depth; p++) {
            int i = aAt + p * ROWS;
            int j = bAt + p * WIDE;
            FloatVector b0 = load(b, j);
            FloatVector b1 = load(b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + LANES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + LANES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + LANES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + LANES);
    }

    /// Four rows of a tile of packed operands.
    static void packedHalf(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] c, int cAt, int cRow, boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + LANES);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + LANES);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + LANES);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + LANES);
        }
        for (int p = 0; p < depth; p++) {
            int i = aAt + p * ROWS;
            int j = bAt + p * WIDE;
            FloatVector b0 = load(b, j);
            FloatVector b1 = load(b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
    }

    /// Stores eight lines side by side, element p of line r to `to[at + p * step + r]`: squares of eight by eight, in three steps that change places with the neighbour, the one after the next, and the fourth one.
    static void squares(float[] a, int aAt, int row, int count, float[] to, int at, int step) {
        for (int p = 0, i = aAt, o = at; p < count; p++, i += 8, o += 8 * step) {
            FloatVector v0 = line(a, i);
            FloatVector v1 = line(a, i + row);
            FloatVector v2 = line(a, i + 2 * row);
            FloatVector v3 = line(a, i + 3 * row);
            FloatVector v4 = line(a, i + 4 * row);
            FloatVector v5 = line(a, i + 5 * row);
            FloatVector v6 = line(a, i + 6 * row);
            FloatVector v7 = line(a, i + 7 * row);
            FloatVector w0 = v0.blend(v1.rearrange(BY_ONE), ODD);
            FloatVector w1 = v0.rearrange(BY_ONE).blend(v1, ODD);
            FloatVector w2 = v2.blend(v3.rearrange(BY_ONE), ODD);
            FloatVector w3 = v2.rearrange(BY_ONE).blend(v3, ODD);
            FloatVector w4 = v4.blend(v5.rearrange(BY_ONE), ODD);
            FloatVector w5 = v4.rearrange(BY_ONE).blend(v5, ODD);
            FloatVector w6 = v6.blend(v7.rearrange(BY_ONE), ODD);
            FloatVector w7 = v6.rearrange(BY_ONE).blend(v7, ODD);
            v0 = w0.blend(w2.rearrange(BY_TWO), PAIRS);
            v2 = w0.rearrange(BY_TWO).blend(w2, PAIRS);
            v1 = w1.blend(w3.rearrange(BY_TWO), PAIRS);
            v3 = w1.rearrange(BY_TWO).blend(w3, PAIRS);
            v4 = w4.blend(w6.rearrange(BY_TWO), PAIRS);
            v6 = w4.rearrange(BY_TWO).blend(w6, PAIRS);
            v5 = w5.blend(w7.rearrange(BY_TWO), PAIRS);
            v7 = w5.rearrange(BY_TWO).blend(w7, PAIRS);
            v0.blend(v4.rearrange(BY_FOUR), UPPER).intoArray(to, o);
            v1.blend(v5.rearrange(BY_FOUR), UPPER).intoArray(to, o + step);
            v2.blend(v6.rearrange(BY_FOUR), UPPER).intoArray(to, o + 2 * step);
            v3.blend(v7.rearrange(BY_FOUR), UPPER).intoArray(to, o + 3 * step);
            v0.rearrange(BY_FOUR).blend(v4, UPPER).intoArray(to, o + 4 * step);
            v1.rearrange(BY_FOUR).blend(v5, UPPER).intoArray(to, o + 5 * step);
            v2.rearrange(BY_FOUR).blend(v6, UPPER).intoArray(to, o + 6 * step);
            v3.rearrange(BY_FOUR).blend(v7, UPPER).intoArray(to, o + 7 * step);
        }
    }

    private static FloatVector line(float[] a, int i) {
        return FloatVector.fromArray(EIGHT, a, i);
    }

    /// Stores `depth` pieces of lines, each as wide as a tile, one after another. Pieces begin `row` apart.
    static void gather(float[] a, int aAt, int row, int depth, float[] to, int at) {
        for (int p = 0, i = aAt; p < depth; p++, i += row) {
            load(a, i).intoArray(to, at + p * WIDE);
            load(a, i + LANES).intoArray(to, at + p * WIDE + LANES);
        }
    }

    /// Stores pieces of lines, eight elements for each of four strips: piece p of strip s to `to[at + (s * depth + p) * ROWS]`….
    ///
    /// Four pieces at a time, not for the sake of the loop, but because HotSpot would put a shorter method into its caller, where it compiles to
    /// something five times slower.
    ///
    /// @param depth a multiple of four
    static void gatherStrips(float[] a, int aAt, int row, int depth, float[] to, int at) {
        int size = depth * ROWS;
        for (int p = 0, i = aAt; p < depth; p += 4, i += 4 * row) {
            int o = at + p * ROWS;
            line(a, i).intoArray(to, o);
            line(a, i + ROWS).intoArray(to, size + o);
            line(a, i + 2 * ROWS).intoArray(to, 2 * size + o);
            line(a, i + 3 * ROWS).intoArray(to, 3 * size + o);
            line(a, i + row).intoArray(to, o + ROWS);
            line(a, i + row + ROWS).intoArray(to, size + o + ROWS);
            line(a, i + row + 2 * ROWS).intoArray(to, 2 * size + o + ROWS);
            line(a, i + row + 3 * ROWS).intoArray(to, 3 * size + o + ROWS);
            line(a, i + 2 * row).intoArray(to, o + 2 * ROWS);
            line(a, i + 2 * row + ROWS).intoArray(to, size + o + 2 * ROWS);
            line(a, i + 2 * row + 2 * ROWS).intoArray(to, 2 * size + o + 2 * ROWS);
            line(a, i + 2 * row + 3 * ROWS).intoArray(to, 3 * size + o + 2 * ROWS);
            line(a, i + 3 * row).intoArray(to, o + 3 * ROWS);
            line(a, i + 3 * row + ROWS).intoArray(to, size + o + 3 * ROWS);
            line(a, i + 3 * row + 2 * ROWS).intoArray(to, 2 * size + o + 3 * ROWS);
            line(a, i + 3 * row + 3 * ROWS).intoArray(to, 3 * size + o + 3 * ROWS);
        }
    }
}
