package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.lazuli.spi.Primitive.UnaryOp;

/// [VectorSupport] by the Vector API, which the classes whose names begin like this one's alone mention.
final class VectorLoops extends VectorSupport {
    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final int LANES = SPECIES.length();

    private final MaskLoops masks = new VectorMasks();
    private final RowLoops rows = new VectorRows();
    private final WindowLoops windows = new VectorWindows();
    private final MicroKernel micro = new StartingKernel(new VectorMicroKernel());
    private final DoubleSums sums = new StartingSums(new VectorSums(), VectorSums.LANES);

    @Override
    String shape() {
        return LANES + " floats";
    }

    @Override
    WindowLoops windows() {
        return windows;
    }

    @Override
    BrainFloats brainFloats() {
        return new VectorBrainFloats();
    }

    @Override
    MaskLoops masks() {
        return masks;
    }

    @Override
    boolean unary(UnaryOp op, float[] a, float[] o, int from, int to) {
        int whole = to - (to - from) % LANES;
        if (!vectors(op, a, o, from, whole)) {
            return false;
        }
        if (whole < to) {
            // What does not fill a vector is computed in one of its own, so that each element goes the same way.
            float[] rest = new float[LANES];
            System.arraycopy(a, whole, rest, 0, to - whole);
            vectors(op, rest, rest, 0, LANES);
            System.arraycopy(rest, 0, o, whole, to - whole);
        }
        return true;
    }

    private static boolean vectors(UnaryOp op, float[] a, float[] o, int from, int to) {
        switch (op) {
            case EXP -> exp(a, o, from, to);
            case EXPM1 -> expm1(a, o, from, to);
            case LOG -> log(a, o, from, to);
            case LOG10 -> log10(a, o, from, to);
            case LOG1P -> log1p(a, o, from, to);
            case SIN -> sin(a, o, from, to);
            case COS -> cos(a, o, from, to);
            case TAN -> tan(a, o, from, to);
            case ARCSIN -> asin(a, o, from, to);
            case ARCCOS -> acos(a, o, from, to);
            case ARCTAN -> atan(a, o, from, to);
            case SINH -> sinh(a, halfExp(a, from, to), o, from, to);
            case COSH -> cosh(a, o, from, to);
            case TANH -> tanh(a, tanhExp(a, from, to), o, from, to);
            case SIGMOID -> sigmoid(a, sigmoidExp(a, from, to), o, from, to);
            case ERF -> erf(a, erfExp(a, from, to), o, from, to);
            case ERFINV -> erfinv(a, erfinvLog(a, from, to), o, from, to);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    // A function has to be known where it is used to be compiled into its loop, so there is a loop for each. The
    // compiler leaves off
    // inlining in a loop that grows too long; where a function takes an exponential, another loop stores that first.

    private static void exp(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.exp(load(a, i)).intoArray(o, i);
        }
    }

    private static void expm1(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.expm1(load(a, i)).intoArray(o, i);
        }
    }

    private static void log(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.log(load(a, i)).intoArray(o, i);
        }
    }

    private static void log10(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.log10(load(a, i)).intoArray(o, i);
        }
    }

    private static void log1p(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.log1p(load(a, i)).intoArray(o, i);
        }
    }

    private static void sin(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.sin(load(a, i)).intoArray(o, i);
        }
    }

    private static void cos(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.cos(load(a, i)).intoArray(o, i);
        }
    }

    private static void tan(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.tan(load(a, i)).intoArray(o, i);
        }
    }

    private static void asin(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.asin(load(a, i)).intoArray(o, i);
        }
    }

    private static void acos(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.acos(load(a, i)).intoArray(o, i);
        }
    }

    private static void atan(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.atan(load(a, i)).intoArray(o, i);
        }
    }

    private static void sinh(float[] a, float[] e, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.sinh(load(a, i), load(e, i - from)).intoArray(o, i);
        }
    }

    private static float[] halfExp(float[] a, int from, int to) {
        float[] e = new float[to - from];
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.halfExp(load(a, i)).intoArray(e, i - from);
        }
        return e;
    }

    private static void cosh(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.cosh(VectorFunctions.halfExp(load(a, i))).intoArray(o, i);
        }
    }

    private static void tanh(float[] a, float[] e, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.tanh(load(a, i), load(e, i - from)).intoArray(o, i);
        }
    }

    private static float[] tanhExp(float[] a, int from, int to) {
        float[] e = new float[to - from];
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.tanhExp(load(a, i)).intoArray(e, i - from);
        }
        return e;
    }

    private static void sigmoid(float[] a, float[] e, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.sigmoid(load(a, i), load(e, i - from)).intoArray(o, i);
        }
    }

    private static float[] sigmoidExp(float[] a, int from, int to) {
        float[] e = new float[to - from];
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.sigmoidExp(load(a, i)).intoArray(e, i - from);
        }
        return e;
    }

    private static void erf(float[] a, float[] e, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.erf(load(a, i), load(e, i - from)).intoArray(o, i);
        }
    }

    private static void erfinv(float[] a, float[] w, float[] o, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.erfinv(load(a, i), load(w, i - from)).intoArray(o, i);
        }
    }

    private static float[] erfinvLog(float[] a, int from, int to) {
        float[] w = new float[to - from];
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.erfinvLog(load(a, i)).intoArray(w, i - from);
        }
        return w;
    }

    private static float[] erfExp(float[] a, int from, int to) {
        float[] e = new float[to - from];
        for (int i = from; i < to; i += LANES) {
            VectorFunctions.erfExp(load(a, i)).intoArray(e, i - from);
        }
        return e;
    }

    @Override
    float maximum(float[] a, int from, int to) {
        // Four at a time, since each waits for the one before it.
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        int i = from;
        for (; i <= to - 4 * LANES; i += 4 * LANES) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, a, i));
            m1 = m1.max(FloatVector.fromArray(SPECIES, a, i + LANES));
            m2 = m2.max(FloatVector.fromArray(SPECIES, a, i + 2 * LANES));
            m3 = m3.max(FloatVector.fromArray(SPECIES, a, i + 3 * LANES));
        }
        for (; i <= to - LANES; i += LANES) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, a, i));
        }
        float m = m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
        for (; i < to; i++) {
            m = Math.max(m, a[i]);
        }
        return m;
    }

    @Override
    float minimum(float[] a, int from, int to) {
        // Four at a time, since each waits for the one before it.
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        int i = from;
        for (; i <= to - 4 * LANES; i += 4 * LANES) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, a, i));
            m1 = m1.min(FloatVector.fromArray(SPECIES, a, i + LANES));
            m2 = m2.min(FloatVector.fromArray(SPECIES, a, i + 2 * LANES));
            m3 = m3.min(FloatVector.fromArray(SPECIES, a, i + 3 * LANES));
        }
        for (; i <= to - LANES; i += LANES) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, a, i));
        }
        float m = m0.min(m1).min(m2.min(m3)).reduceLanes(VectorOperators.MIN);
        for (; i < to; i++) {
            m = Math.min(m, a[i]);
        }
        return m;
    }

    @Override
    Passes passes() {
        return new VectorPasses();
    }

    @Override
    int passLanes() {
        return VectorPasses.LANES;
    }

    @Override
    RowLoops rows() {
        return rows;
    }

    @Override
    DoubleSums sums() {
        return sums;
    }

    @Override
    MicroKernel micro() {
        return micro;
    }

    @Override
    PackedLoops packed() {
        // Made when asked for: most programs have no quantized matrix.
        return new VectorPackedLoops();
    }
}
