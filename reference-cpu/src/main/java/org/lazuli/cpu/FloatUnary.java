package org.lazuli.cpu;

import java.util.function.DoubleUnaryOperator;
import org.lazuli.spi.Primitive.UnaryOp;

/// Functions of one operand on float registers: computed in double, rounded once. Every loop uses one index, `from` …
/// `to - 1`, on whole arrays, which is what the JIT vectorises; `o` may be `a`.
final class FloatUnary {
    private FloatUnary() {}

    static void run(UnaryOp op, float[] a, float[] o, int from, int to) {
        switch (op) {
            case ABS -> abs(a, o, from, to);
            case NEGATIVE -> negative(a, o, from, to);
            case SIGN -> sign(a, o, from, to);
            case CONJUGATE, REAL -> System.arraycopy(a, from, o, from, to - from);
            case IMAG -> java.util.Arrays.fill(o, from, to, 0);
            case SQRT -> sqrt(a, o, from, to);
            case RSQRT -> rsqrt(a, o, from, to);
            case EXP -> Exponentials.exp(a, from, 0, o, from, to - from);
            case EXPM1 -> map(Math::expm1, a, o, from, to);
            case LOG -> log(a, o, from, to);
            case LOG2 -> map(Functions::log2, a, o, from, to);
            case LOG10 -> map(Math::log10, a, o, from, to);
            case LOG1P -> map(Math::log1p, a, o, from, to);
            case SIN -> sin(a, o, from, to);
            case COS -> cos(a, o, from, to);
            case TAN -> map(Math::tan, a, o, from, to);
            case ARCSIN -> map(Math::asin, a, o, from, to);
            case ARCCOS -> map(Math::acos, a, o, from, to);
            case ARCTAN -> map(Math::atan, a, o, from, to);
            case SINH -> map(Math::sinh, a, o, from, to);
            case COSH -> map(Math::cosh, a, o, from, to);
            case TANH -> Exponentials.tanh(a, o, from, to);
            case ARCSINH -> map(Functions::asinh, a, o, from, to);
            case ARCCOSH -> map(Functions::acosh, a, o, from, to);
            case ARCTANH -> map(Functions::atanh, a, o, from, to);
            case ERF -> erf(a, o, from, to);
            case ERFINV -> map(Functions::erfinvSingle, a, o, from, to);
            case SIGMOID -> Exponentials.sigmoid(a, o, from, to);
            case FLOOR -> map(Math::floor, a, o, from, to);
            case CEIL -> map(Math::ceil, a, o, from, to);
            case TRUNC -> map(Functions::trunc, a, o, from, to);
            case ROUND -> map(Math::rint, a, o, from, to);
            case LOGICAL_NOT, BITWISE_INVERT -> throw Unsupported.on(op, "floating point");
        }
    }

    static void logicalNot(float[] a, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] == 0 ? 1 : 0;
        }
    }

    private static void map(DoubleUnaryOperator f, float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) f.applyAsDouble(a[i]);
        }
    }

    private static void abs(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.abs(a[i]);
        }
    }

    private static void negative(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = -a[i];
        }
    }

    static void sign(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (a[i] > 0 ? 1f : 0f) - (a[i] < 0 ? 1f : 0f);
        }
    }

    private static void sqrt(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.sqrt(a[i]);
        }
    }

    private static void rsqrt(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) (1 / Math.sqrt(a[i]));
        }
    }

    private static void log(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.log(a[i]);
        }
    }

    private static void sin(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.sin(a[i]);
        }
    }

    private static void cos(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.cos(a[i]);
        }
    }

    private static void erf(float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Functions.erf(a[i]);
        }
    }
}
