package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.lazuli.spi.Primitive.UnaryOp;

/// [VectorSupport] by the Vector API. No other class mentions it.
final class VectorLoops extends VectorSupport {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    // erf(x) = x + x·P(x²) up to the bound, and 1 - exp(-G(|x|)) above it; both fitted at Chebyshev points.
    private static final float ERF_BOUND = 0.84375f;
    private static final float[] ERF_P = {
        0.12837917f, -0.37612638f, 0.11283752f, -0.026862793f, 0.005210186f, -8.255935e-4f, 8.893431e-5f
    };
    private static final float[] ERF_G = {
        -2.8454622e-5f,
        1.1285958f,
        0.6358864f,
        0.10422418f,
        -0.02097781f,
        0.001349538f,
        8.625085e-4f,
        -3.7555065e-4f,
        7.712487e-5f,
        -8.596829e-6f,
        4.16509e-7f
    };

    /// Elsewhere the JDK has no vector code for functions, and computes them lane by lane.
    private final boolean functions;

    private final boolean wide;

    VectorLoops() {
        String arch = System.getProperty("os.arch");
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        functions = arch.equals("amd64") || arch.equals("x86_64") || (arch.equals("aarch64") && linux);
        // Machines with vectors of 256 bits have sixteen registers: half the tile leaves some for the operands.
        wide = SPECIES.vectorBitSize() != 256;
    }

    @Override
    String shape() {
        return LANES + " floats";
    }

    @Override
    boolean unary(UnaryOp op, float[] a, float[] o, int from, int to) {
        if (!functions) {
            return false;
        }
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
            case SINH -> sinh(a, o, from, to);
            case COSH -> cosh(a, o, from, to);
            case TANH -> tanh(a, o, from, to);
            case SIGMOID -> sigmoid(a, o, from, to);
            case ERF -> erf(a, o, from, to);
            default -> {
                return false;
            }
        }
        return true;
    }

    // An operator has to be a constant where it is used, so there is a loop for each.

    private static void exp(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.EXP).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.EXP)
                    .intoArray(o, i, rest);
        }
    }

    private static void expm1(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.EXPM1).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.EXPM1)
                    .intoArray(o, i, rest);
        }
    }

    private static void log(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.LOG).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.LOG)
                    .intoArray(o, i, rest);
        }
    }

    private static void log10(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.LOG10).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.LOG10)
                    .intoArray(o, i, rest);
        }
    }

    private static void log1p(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.LOG1P).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.LOG1P)
                    .intoArray(o, i, rest);
        }
    }

    private static void sin(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.SIN).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.SIN)
                    .intoArray(o, i, rest);
        }
    }

    private static void cos(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.COS).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.COS)
                    .intoArray(o, i, rest);
        }
    }

    private static void tan(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.TAN).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.TAN)
                    .intoArray(o, i, rest);
        }
    }

    private static void asin(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.ASIN).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.ASIN)
                    .intoArray(o, i, rest);
        }
    }

    private static void acos(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.ACOS).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.ACOS)
                    .intoArray(o, i, rest);
        }
    }

    private static void atan(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.ATAN).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.ATAN)
                    .intoArray(o, i, rest);
        }
    }

    private static void sinh(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.SINH).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.SINH)
                    .intoArray(o, i, rest);
        }
    }

    private static void cosh(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.COSH).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.COSH)
                    .intoArray(o, i, rest);
        }
    }

    private static void tanh(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(VectorOperators.TANH).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector.fromArray(SPECIES, a, i, rest)
                    .lanewise(VectorOperators.TANH)
                    .intoArray(o, i, rest);
        }
    }

    private static void sigmoid(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            sigmoid(FloatVector.fromArray(SPECIES, a, i)).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            sigmoid(FloatVector.fromArray(SPECIES, a, i, rest)).intoArray(o, i, rest);
        }
    }

    private static void erf(float[] a, float[] o, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            erf(FloatVector.fromArray(SPECIES, a, i)).intoArray(o, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            erf(FloatVector.fromArray(SPECIES, a, i, rest)).intoArray(o, i, rest);
        }
    }

    private static FloatVector sigmoid(FloatVector x) {
        // With the exponential that is at most 1, so that small results do not underflow.
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector e = x.abs().neg().lanewise(VectorOperators.EXP);
        return one.blend(e, x.compare(VectorOperators.LT, 0)).div(e.add(one));
    }

    private static FloatVector erf(FloatVector x) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector a = x.abs();
        FloatVector low = x.fma(polynomial(ERF_P, x.mul(x)), x);
        // From 4 on it is 1; a NaN stays one.
        FloatVector high = one.sub(polynomial(ERF_G, a.min(4)).neg().lanewise(VectorOperators.EXP));
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
        return low.blend(
                high.blend(high.neg(), negative),
                a.compare(VectorOperators.LT, ERF_BOUND).not());
    }

    private static FloatVector polynomial(float[] coefficients, FloatVector x) {
        FloatVector sum = FloatVector.broadcast(SPECIES, coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = sum.fma(x, FloatVector.broadcast(SPECIES, coefficients[i]));
        }
        return sum;
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
    int tileRows() {
        return wide ? 8 : 4;
    }

    @Override
    int tileColumns() {
        return 2 * LANES;
    }

    @Override
    void multiply(float[] a, float[][] b, int column, int depth, float[] tile) {
        if (wide) {
            multiply8(a, b, column, depth, tile);
        } else {
            multiply4(a, b, column, depth, tile);
        }
    }

    private static void multiply8(float[] a, float[][] b, int column, int depth, float[] tile) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, tile, 0 * LANES);
        FloatVector c01 = FloatVector.fromArray(SPECIES, tile, 1 * LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, tile, 2 * LANES);
        FloatVector c11 = FloatVector.fromArray(SPECIES, tile, 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, tile, 4 * LANES);
        FloatVector c21 = FloatVector.fromArray(SPECIES, tile, 5 * LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, tile, 6 * LANES);
        FloatVector c31 = FloatVector.fromArray(SPECIES, tile, 7 * LANES);
        FloatVector c40 = FloatVector.fromArray(SPECIES, tile, 8 * LANES);
        FloatVector c41 = FloatVector.fromArray(SPECIES, tile, 9 * LANES);
        FloatVector c50 = FloatVector.fromArray(SPECIES, tile, 10 * LANES);
        FloatVector c51 = FloatVector.fromArray(SPECIES, tile, 11 * LANES);
        FloatVector c60 = FloatVector.fromArray(SPECIES, tile, 12 * LANES);
        FloatVector c61 = FloatVector.fromArray(SPECIES, tile, 13 * LANES);
        FloatVector c70 = FloatVector.fromArray(SPECIES, tile, 14 * LANES);
        FloatVector c71 = FloatVector.fromArray(SPECIES, tile, 15 * LANES);
        for (int p = 0, q = 0; p < depth; p++, q += 8) {
            float[] row = b[p];
            FloatVector b0 = FloatVector.fromArray(SPECIES, row, column);
            FloatVector b1 = FloatVector.fromArray(SPECIES, row, column + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[q + 0]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[q + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[q + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[q + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[q + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[q + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[q + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[q + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(tile, 0 * LANES);
        c01.intoArray(tile, 1 * LANES);
        c10.intoArray(tile, 2 * LANES);
        c11.intoArray(tile, 3 * LANES);
        c20.intoArray(tile, 4 * LANES);
        c21.intoArray(tile, 5 * LANES);
        c30.intoArray(tile, 6 * LANES);
        c31.intoArray(tile, 7 * LANES);
        c40.intoArray(tile, 8 * LANES);
        c41.intoArray(tile, 9 * LANES);
        c50.intoArray(tile, 10 * LANES);
        c51.intoArray(tile, 11 * LANES);
        c60.intoArray(tile, 12 * LANES);
        c61.intoArray(tile, 13 * LANES);
        c70.intoArray(tile, 14 * LANES);
        c71.intoArray(tile, 15 * LANES);
    }

    private static void multiply4(float[] a, float[][] b, int column, int depth, float[] tile) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, tile, 0 * LANES);
        FloatVector c01 = FloatVector.fromArray(SPECIES, tile, 1 * LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, tile, 2 * LANES);
        FloatVector c11 = FloatVector.fromArray(SPECIES, tile, 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, tile, 4 * LANES);
        FloatVector c21 = FloatVector.fromArray(SPECIES, tile, 5 * LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, tile, 6 * LANES);
        FloatVector c31 = FloatVector.fromArray(SPECIES, tile, 7 * LANES);
        for (int p = 0, q = 0; p < depth; p++, q += 4) {
            float[] row = b[p];
            FloatVector b0 = FloatVector.fromArray(SPECIES, row, column);
            FloatVector b1 = FloatVector.fromArray(SPECIES, row, column + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[q + 0]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[q + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[q + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[q + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(tile, 0 * LANES);
        c01.intoArray(tile, 1 * LANES);
        c10.intoArray(tile, 2 * LANES);
        c11.intoArray(tile, 3 * LANES);
        c20.intoArray(tile, 4 * LANES);
        c21.intoArray(tile, 5 * LANES);
        c30.intoArray(tile, 6 * LANES);
        c31.intoArray(tile, 7 * LANES);
    }
}
