package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.lazuli.spi.Primitive.BinaryOp;

/// [MaskLoops] by the Vector API. Each loop is one short method of its own, so that the JIT compiler sees a constant comparison.
final class VectorMasks implements MaskLoops {
    private static final VectorSpecies<Float> FLOATS = VectorFunctions.SPECIES;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final int LANES = FLOATS.length();

    @Override
    public void compare(BinaryOp op, float[] a, float[] b, int[] o, int from, int to) {
        int whole = to - (to - from) % LANES;
        switch (op) {
            case EQUAL -> equal(a, b, o, from, whole);
            case NOT_EQUAL -> notEqual(a, b, o, from, whole);
            case LESS -> less(a, b, o, from, whole);
            case LESS_EQUAL -> lessOrEqual(a, b, o, from, whole);
            default -> throw new IllegalArgumentException(op + " is no comparison");
        }
        FloatBinary.compare(op, a, b, o, whole, to);
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(FLOATS, a, i);
    }

    /// Stores 1 where the mask is set, and 0 elsewhere.
    private static void store(VectorMask<Float> mask, int[] o, int i) {
        IntVector.zero(INTS).blend(1, mask.cast(INTS)).intoArray(o, i);
    }

    private static void equal(float[] a, float[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            store(load(a, i).compare(VectorOperators.EQ, load(b, i)), o, i);
        }
    }

    private static void notEqual(float[] a, float[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            store(load(a, i).compare(VectorOperators.NE, load(b, i)), o, i);
        }
    }

    private static void less(float[] a, float[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            store(load(a, i).compare(VectorOperators.LT, load(b, i)), o, i);
        }
    }

    private static void lessOrEqual(float[] a, float[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            store(load(a, i).compare(VectorOperators.LE, load(b, i)), o, i);
        }
    }

    @Override
    public void select(int[] c, float[] a, float[] b, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            VectorMask<Float> chosen = IntVector.fromArray(INTS, c, i)
                    .compare(VectorOperators.NE, 0)
                    .cast(FLOATS);
            load(b, i).blend(load(a, i), chosen).intoArray(o, i);
        }
        for (; i < to; i++) {
            o[i] = c[i] != 0 ? a[i] : b[i];
        }
    }

    @Override
    public void isNonzero(float[] a, int[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            store(load(a, i).compare(VectorOperators.NE, 0), o, i);
        }
        for (; i < to; i++) {
            o[i] = a[i] != 0 ? 1 : 0;
        }
    }

    @Override
    public void sign(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x = load(a, i);
            FloatVector.zero(FLOATS)
                    .blend(1, x.compare(VectorOperators.GT, 0))
                    .blend(-1, x.compare(VectorOperators.LT, 0))
                    .intoArray(o, i);
        }
        FloatUnary.sign(a, o, i, to);
    }
}
