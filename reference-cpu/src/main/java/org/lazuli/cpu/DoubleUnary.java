package org.lazuli.cpu;

import java.util.function.DoubleUnaryOperator;
import org.lazuli.spi.Primitive.UnaryOp;

/// Functions of one operand on double registers; as [FloatUnary].
final class DoubleUnary {
    private DoubleUnary() {}

    static void run(UnaryOp op, double[] a, double[] o, int from, int to) {
        switch (op) {
            case ABS -> abs(a, o, from, to);
            case NEGATIVE -> negative(a, o, from, to);
            case SIGN -> sign(a, o, from, to);
            case CONJUGATE, REAL -> System.arraycopy(a, from, o, from, to - from);
            case IMAG -> java.util.Arrays.fill(o, from, to, 0);
            case SQRT -> sqrt(a, o, from, to);
            case RSQRT -> rsqrt(a, o, from, to);
            case EXP -> exp(a, o, from, to);
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
            case TANH -> tanh(a, o, from, to);
            case ARCSINH -> map(Functions::asinh, a, o, from, to);
            case ARCCOSH -> map(Functions::acosh, a, o, from, to);
            case ARCTANH -> map(Functions::atanh, a, o, from, to);
            case ERF -> erf(a, o, from, to);
            case ERFINV -> map(Functions::erfinv, a, o, from, to);
            case SIGMOID -> sigmoid(a, o, from, to);
            case FLOOR -> map(Math::floor, a, o, from, to);
            case CEIL -> map(Math::ceil, a, o, from, to);
            case TRUNC -> map(Functions::trunc, a, o, from, to);
            case ROUND -> map(Math::rint, a, o, from, to);
            case LOGICAL_NOT, BITWISE_INVERT -> throw Unsupported.on(op, "floating point");
        }
    }

    static void logicalNot(double[] a, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] == 0 ? 1 : 0;
        }
    }

    private static void map(DoubleUnaryOperator f, double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = f.applyAsDouble(a[i]);
        }
    }

    private static void abs(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.abs(a[i]);
        }
    }

    private static void negative(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = -a[i];
        }
    }

    private static void sign(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (a[i] > 0 ? 1 : 0) - (a[i] < 0 ? 1 : 0);
        }
    }

    private static void sqrt(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.sqrt(a[i]);
        }
    }

    private static void rsqrt(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = 1 / Math.sqrt(a[i]);
        }
    }

    private static void exp(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.exp(a[i]);
        }
    }

    private static void log(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.log(a[i]);
        }
    }

    private static void sin(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.sin(a[i]);
        }
    }

    private static void cos(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.cos(a[i]);
        }
    }

    private static void tanh(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.tanh(a[i]);
        }
    }

    private static void erf(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Functions.erf(a[i]);
        }
    }

    private static void sigmoid(double[] a, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Functions.sigmoid(a[i]);
        }
    }
}
