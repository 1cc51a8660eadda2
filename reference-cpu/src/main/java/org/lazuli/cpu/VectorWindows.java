package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [WindowLoops] by the Vector API; what does not fill a vector is left to the plain loops.
final class VectorWindows extends WindowLoops {
    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final int LANES = SPECIES.length();

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    // The extreme of a varying number of elements is not carried in a variable: the JIT compiler may make an object of
    // every vector then. It is kept in
    // the result, or for the four elements of the usual window, found in one expression.

    @Override
    void extremes(boolean largest, float[] x, Windows windows, float[] o, int first, int count) {
        int[] offsets = windows.offsets;
        int n = windows.inner;
        int whole = n - n % LANES;
        int at = windows.position(first);
        for (int i = first; i < first + count; i++, at += windows.step) {
            if (largest && offsets.length == 4) {
                maxima(x, at + offsets[0], at + offsets[1], at + offsets[2], at + offsets[3], o, i * n, whole);
                continue;
            }
            System.arraycopy(x, at + offsets[0], o, i * n, whole);
            for (int r = 1; r < offsets.length; r++) {
                if (largest) {
                    maxima(x, at + offsets[r], o, i * n, whole);
                } else {
                    minima(x, at + offsets[r], o, i * n, whole);
                }
            }
        }
        if (whole < n) {
            extremes(largest, x, windows, o, first, count, whole);
        }
    }

    private static void maxima(float[] x, int a, int b, int c, int d, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j += LANES) {
            load(x, a + j)
                    .max(load(x, b + j))
                    .max(load(x, c + j))
                    .max(load(x, d + j))
                    .intoArray(o, oAt + j);
        }
    }

    private static void maxima(float[] x, int at, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j += LANES) {
            load(o, oAt + j).max(load(x, at + j)).intoArray(o, oAt + j);
        }
    }

    private static void minima(float[] x, int at, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j += LANES) {
            load(o, oAt + j).min(load(x, at + j)).intoArray(o, oAt + j);
        }
    }

    @Override
    void share(float[] x, Windows windows, float[] y, float[] g, float[] o, Windows shares, int first, int count) {
        int n = windows.inner;
        int whole = n - n % LANES;
        int at = windows.position(first);
        int to = shares.position(first);
        for (int i = first; i < first + count; i++, at += windows.step, to += shares.step) {
            if (windows.offsets.length == 4) {
                shareAmongFour(x, at, windows.offsets, y, g, i * n, o, to, shares.offsets, whole);
            } else {
                shareAmong(x, at, windows.offsets, y, g, i * n, o, to, shares.offsets, whole);
            }
        }
        if (whole < n) {
            share(x, windows, y, g, o, shares, first, count, whole);
        }
    }

    private static void shareAmong(
            float[] x, int at, int[] from, float[] y, float[] g, int yAt, float[] o, int oAt, int[] to, int n) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector extreme = load(y, yAt + j);
            FloatVector ties = FloatVector.zero(SPECIES);
            for (int offset : from) {
                VectorMask<Float> equal = load(x, at + offset + j).compare(VectorOperators.EQ, extreme);
                ties = ties.add(1, equal);
            }
            FloatVector share = load(g, yAt + j).div(ties);
            for (int r = 0; r < from.length; r++) {
                VectorMask<Float> equal = load(x, at + from[r] + j).compare(VectorOperators.EQ, extreme);
                FloatVector.zero(SPECIES).blend(share, equal).intoArray(o, oAt + to[r] + j);
            }
        }
    }

    /// The usual window.
    private static void shareAmongFour(
            float[] x, int at, int[] from, float[] y, float[] g, int yAt, float[] o, int oAt, int[] to, int n) {
        int a = at + from[0];
        int b = at + from[1];
        int c = at + from[2];
        int d = at + from[3];
        int aTo = oAt + to[0];
        int bTo = oAt + to[1];
        int cTo = oAt + to[2];
        int dTo = oAt + to[3];
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += LANES) {
            FloatVector extreme = load(y, yAt + j);
            VectorMask<Float> isA = load(x, a + j).compare(VectorOperators.EQ, extreme);
            VectorMask<Float> isB = load(x, b + j).compare(VectorOperators.EQ, extreme);
            VectorMask<Float> isC = load(x, c + j).compare(VectorOperators.EQ, extreme);
            VectorMask<Float> isD = load(x, d + j).compare(VectorOperators.EQ, extreme);
            FloatVector ties = zero.add(1, isA).add(1, isB).add(1, isC).add(1, isD);
            FloatVector share = load(g, yAt + j).div(ties);
            zero.blend(share, isA).intoArray(o, aTo + j);
            zero.blend(share, isB).intoArray(o, bTo + j);
            zero.blend(share, isC).intoArray(o, cTo + j);
            zero.blend(share, isD).intoArray(o, dTo + j);
        }
    }
}
