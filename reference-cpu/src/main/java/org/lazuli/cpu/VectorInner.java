package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Inner products lane by lane, and the totals of lanes.
final class VectorInner {
    /// The columns of a tile.
    static final int COLUMNS = 5;

    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final int LANES = SPECIES.length();

    /// For each of the steps in which lanes are added up: from a lane to the one that it meets, `1 << step` away, and the upper one of the two.
    private static final Step[] STEPS = new Step[Integer.numberOfTrailingZeros(LANES)];

    static {
        for (int step = 0; step < STEPS.length; step++) {
            int by = 1 << step;
            boolean[] upper = new boolean[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                upper[lane] = (lane & by) != 0;
            }
            STEPS[step] =
                    new Step(VectorShuffle.fromOp(SPECIES, lane -> lane ^ by), VectorMask.fromArray(SPECIES, upper, 0));
        }
    }

    private record Step(VectorShuffle<Float> across, VectorMask<Float> upper) {}

    private VectorInner() {}

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    /// Those of four rows, `aRow` apart, with five lines, `bLine` apart. Vectors of the same row are stored next to each other, rows of them `row` apart.
    static void four(
            float[] a, int aAt, int aRow, float[] b, int bAt, int bLine, int depth, float[] sums, int at, int row) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c04 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        FloatVector c14 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c23 = FloatVector.zero(SPECIES);
        FloatVector c24 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        FloatVector c33 = FloatVector.zero(SPECIES);
        FloatVector c34 = FloatVector.zero(SPECIES);
        for (int p = 0, i = aAt, j = bAt; p < depth; p += LANES, i += LANES, j += LANES) {
            FloatVector a0 = load(a, i);
            FloatVector a1 = load(a, i + aRow);
            FloatVector a2 = load(a, i + 2 * aRow);
            FloatVector a3 = load(a, i + 3 * aRow);
            FloatVector b0 = load(b, j);
            c00 = a0.fma(b0, c00);
            c10 = a1.fma(b0, c10);
            c20 = a2.fma(b0, c20);
            c30 = a3.fma(b0, c30);
            FloatVector b1 = load(b, j + bLine);
            c01 = a0.fma(b1, c01);
            c11 = a1.fma(b1, c11);
            c21 = a2.fma(b1, c21);
            c31 = a3.fma(b1, c31);
            FloatVector b2 = load(b, j + 2 * bLine);
            c02 = a0.fma(b2, c02);
            c12 = a1.fma(b2, c12);
            c22 = a2.fma(b2, c22);
            c32 = a3.fma(b2, c32);
            FloatVector b3 = load(b, j + 3 * bLine);
            c03 = a0.fma(b3, c03);
            c13 = a1.fma(b3, c13);
            c23 = a2.fma(b3, c23);
            c33 = a3.fma(b3, c33);
            FloatVector b4 = load(b, j + 4 * bLine);
            c04 = a0.fma(b4, c04);
            c14 = a1.fma(b4, c14);
            c24 = a2.fma(b4, c24);
            c34 = a3.fma(b4, c34);
        }
        c00.intoArray(sums, at);
        c01.intoArray(sums, at + LANES);
        c02.intoArray(sums, at + 2 * LANES);
        c03.intoArray(sums, at + 3 * LANES);
        c04.intoArray(sums, at + 4 * LANES);
        c10.intoArray(sums, at + row);
        c11.intoArray(sums, at + row + LANES);
        c12.intoArray(sums, at + row + 2 * LANES);
        c13.intoArray(sums, at + row + 3 * LANES);
        c14.intoArray(sums, at + row + 4 * LANES);
        c20.intoArray(sums, at + 2 * row);
        c21.intoArray(sums, at + 2 * row + LANES);
        c22.intoArray(sums, at + 2 * row + 2 * LANES);
        c23.intoArray(sums, at + 2 * row + 3 * LANES);
        c24.intoArray(sums, at + 2 * row + 4 * LANES);
        c30.intoArray(sums, at + 3 * row);
        c31.intoArray(sums, at + 3 * row + LANES);
        c32.intoArray(sums, at + 3 * row + 2 * LANES);
        c33.intoArray(sums, at + 3 * row + 3 * LANES);
        c34.intoArray(sums, at + 3 * row + 4 * LANES);
    }

    /// [#four] with two rows, for machines of sixteen registers.
    static void pair(
            float[] a, int aAt, int aRow, float[] b, int bAt, int bLine, int depth, float[] sums, int at, int row) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c04 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        FloatVector c14 = FloatVector.zero(SPECIES);
        for (int p = 0, i = aAt, j = bAt; p < depth; p += LANES, i += LANES, j += LANES) {
            FloatVector a0 = load(a, i);
            FloatVector a1 = load(a, i + aRow);
            FloatVector b0 = load(b, j);
            c00 = a0.fma(b0, c00);
            c10 = a1.fma(b0, c10);
            FloatVector b1 = load(b, j + bLine);
            c01 = a0.fma(b1, c01);
            c11 = a1.fma(b1, c11);
            FloatVector b2 = load(b, j + 2 * bLine);
            c02 = a0.fma(b2, c02);
            c12 = a1.fma(b2, c12);
            FloatVector b3 = load(b, j + 3 * bLine);
            c03 = a0.fma(b3, c03);
            c13 = a1.fma(b3, c13);
            FloatVector b4 = load(b, j + 4 * bLine);
            c04 = a0.fma(b4, c04);
            c14 = a1.fma(b4, c14);
        }
        c00.intoArray(sums, at);
        c01.intoArray(sums, at + LANES);
        c02.intoArray(sums, at + 2 * LANES);
        c03.intoArray(sums, at + 3 * LANES);
        c04.intoArray(sums, at + 4 * LANES);
        c10.intoArray(sums, at + row);
        c11.intoArray(sums, at + row + LANES);
        c12.intoArray(sums, at + row + 2 * LANES);
        c13.intoArray(sums, at + row + 3 * LANES);
        c14.intoArray(sums, at + row + 4 * LANES);
    }

    /// The totals of `count` vectors: in each step two vectors become one, until each vector has a total in each lane.
    static void fold(float[] sums, int at, int count, float[] to) {
        int left = count;
        for (int step = 0; step < STEPS.length; step++) {
            left = (left + 1) / 2;
            boolean last = step == STEPS.length - 1;
            fold(sums, at, left, STEPS[step].across, STEPS[step].upper, last ? to : sums, last ? 0 : at);
        }
    }

    private static void fold(
            float[] sums,
            int at,
            int count,
            VectorShuffle<Float> across,
            VectorMask<Float> upper,
            float[] to,
            int toAt) {
        for (int i = 0, from = at; i < count; i++, from += 2 * LANES) {
            FloatVector a = load(sums, from);
            FloatVector b = load(sums, from + LANES);
            a.blend(b.rearrange(across), upper)
                    .add(a.rearrange(across).blend(b, upper))
                    .intoArray(to, toAt + i * LANES);
        }
    }
}
