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

    @Override
    void extremes(boolean largest, float[] x, int at, int[] offsets, float[] o, int oAt, int n) {
        int whole = n - n % LANES;
        if (largest) {
            maxima(x, at, offsets, o, oAt, whole);
        } else {
            minima(x, at, offsets, o, oAt, whole);
        }
        if (whole < n) {
            super.extremes(largest, x, at + whole, offsets, o, oAt + whole, n - whole);
        }
    }

    // The extreme of a varying number of elements is not carried in a variable: the JIT compiler may make an object of
    // every vector then. It is kept in
    // the result, or for the four elements of the usual window, found in one expression.

    private static void maxima(float[] x, int at, int[] offsets, float[] o, int oAt, int n) {
        if (offsets.length == 4) {
            maxima(x, at + offsets[0], at + offsets[1], at + offsets[2], at + offsets[3], o, oAt, n);
            return;
        }
        System.arraycopy(x, at + offsets[0], o, oAt, n);
        for (int r = 1; r < offsets.length; r++) {
            maxima(x, at + offsets[r], o, oAt, n);
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

    private static void minima(float[] x, int at, int[] offsets, float[] o, int oAt, int n) {
        System.arraycopy(x, at + offsets[0], o, oAt, n);
        for (int r = 1; r < offsets.length; r++) {
            minima(x, at + offsets[r], o, oAt, n);
        }
    }

    private static void minima(float[] x, int at, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j += LANES) {
            load(o, oAt + j).min(load(x, at + j)).intoArray(o, oAt + j);
        }
    }

    @Override
    void share(float[] x, int at, float[] y, float[] g, int yAt, int[] offsets, float[] o, int oAt, int n) {
        int whole = n - n % LANES;
        shareWhole(x, at, y, g, yAt, offsets, o, oAt, whole);
        if (whole < n) {
            super.share(x, at + whole, y, g, yAt + whole, offsets, o, oAt + whole, n - whole);
        }
    }

    private static void shareWhole(
            float[] x, int at, float[] y, float[] g, int yAt, int[] offsets, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector extreme = load(y, yAt + j);
            FloatVector count = FloatVector.zero(SPECIES);
            for (int offset : offsets) {
                VectorMask<Float> equal = load(x, at + offset + j).compare(VectorOperators.EQ, extreme);
                count = count.add(1, equal);
            }
            FloatVector share = load(g, yAt + j).div(count);
            for (int offset : offsets) {
                VectorMask<Float> equal = load(x, at + offset + j).compare(VectorOperators.EQ, extreme);
                FloatVector.zero(SPECIES).blend(share, equal).intoArray(o, oAt + offset + j);
            }
        }
    }
}
