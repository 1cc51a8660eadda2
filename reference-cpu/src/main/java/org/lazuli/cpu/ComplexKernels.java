package org.lazuli.cpu;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Functions on complex registers, real and imaginary parts in turn. `o` may be `a` or `b`.
final class ComplexKernels {
    private static final double LN2 = Math.log(2);
    private static final double LN10 = Math.log(10);

    private ComplexKernels() {}

    static void unary(UnaryOp op, float[] a, float[] o, int from, int to) {
        switch (op) {
            case NEGATIVE -> {
                for (int i = 2 * from; i < 2 * to; i++) {
                    o[i] = -a[i];
                }
            }
            case CONJUGATE -> {
                for (int i = 2 * from; i < 2 * to; i += 2) {
                    o[i] = a[i];
                    o[i + 1] = -a[i + 1];
                }
            }
            case ROUND -> {
                for (int i = 2 * from; i < 2 * to; i++) {
                    o[i] = (float) Math.rint(a[i]);
                }
            }
            case SIGN -> map(Complex::sign, a, o, from, to);
            case SQRT -> map(Complex::sqrt, a, o, from, to);
            case RSQRT -> map(z -> Complex.ONE.over(z.sqrt()), a, o, from, to);
            case EXP -> map(Complex::exp, a, o, from, to);
            case EXPM1 -> map(z -> z.exp().minus(Complex.ONE), a, o, from, to);
            case LOG -> map(Complex::log, a, o, from, to);
            case LOG2 -> map(z -> z.log().times(1 / LN2), a, o, from, to);
            case LOG10 -> map(z -> z.log().times(1 / LN10), a, o, from, to);
            case LOG1P -> map(Complex::log1p, a, o, from, to);
            case SIN -> map(Complex::sin, a, o, from, to);
            case COS -> map(Complex::cos, a, o, from, to);
            case TAN -> map(Complex::tan, a, o, from, to);
            case ARCSIN -> map(Complex::asin, a, o, from, to);
            case ARCCOS -> map(Complex::acos, a, o, from, to);
            case ARCTAN -> map(Complex::atan, a, o, from, to);
            case SINH -> map(Complex::sinh, a, o, from, to);
            case COSH -> map(Complex::cosh, a, o, from, to);
            case TANH -> map(Complex::tanh, a, o, from, to);
            case ARCSINH -> map(Complex::asinh, a, o, from, to);
            case ARCCOSH -> map(Complex::acosh, a, o, from, to);
            case ARCTANH -> map(Complex::atanh, a, o, from, to);
            case SIGMOID ->
                map(z -> Complex.ONE.over(Complex.ONE.plus(z.negated().exp())), a, o, from, to);
            case ABS, REAL, IMAG, LOGICAL_NOT -> throw new IllegalArgumentException(op + " gives no complex result");
            case ERF, ERFINV, FLOOR, CEIL, TRUNC, BITWISE_INVERT -> throw Unsupported.on(op, "complex64");
        }
    }

    /// ABS, REAL and IMAG.
    static void part(UnaryOp op, float[] a, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = switch (op) {
                case ABS -> (float) Math.hypot(a[2 * i], a[2 * i + 1]);
                case REAL -> a[2 * i];
                case IMAG -> a[2 * i + 1];
                default -> throw new IllegalArgumentException(op + " gives a complex result");
            };
        }
    }

    static void logicalNot(float[] a, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[2 * i] == 0 && a[2 * i + 1] == 0 ? 1 : 0;
        }
    }

    static void binary(BinaryOp op, float[] a, float[] b, float[] o, int from, int to) {
        switch (op) {
            case ADD -> {
                for (int i = 2 * from; i < 2 * to; i++) {
                    o[i] = a[i] + b[i];
                }
            }
            case SUBTRACT -> {
                for (int i = 2 * from; i < 2 * to; i++) {
                    o[i] = a[i] - b[i];
                }
            }
            case MULTIPLY -> {
                for (int i = 2 * from; i < 2 * to; i += 2) {
                    float ar = a[i];
                    float ai = a[i + 1];
                    float br = b[i];
                    float bi = b[i + 1];
                    o[i] = ar * br - ai * bi;
                    o[i + 1] = ar * bi + ai * br;
                }
            }
            case DIVIDE -> map(Complex::over, a, b, o, from, to);
            case POWER -> map(Complex::pow, a, b, o, from, to);
            case LOGADDEXP -> map(Complex::logAddExp, a, b, o, from, to);
            case MAXIMUM -> extreme(false, a, b, o, from, to);
            case MINIMUM -> extreme(true, a, b, o, from, to);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> throw new IllegalArgumentException(op + " gives bool");
            case FLOOR_DIVIDE, REMAINDER, ARCTAN2, BITWISE_AND, BITWISE_OR, BITWISE_XOR, LEFT_SHIFT, RIGHT_SHIFT ->
                throw Unsupported.on(op, "complex64");
        }
    }

    static void compare(BinaryOp op, float[] a, float[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            float ar = a[2 * i];
            float ai = a[2 * i + 1];
            float br = b[2 * i];
            float bi = b[2 * i + 1];
            boolean equal = ar == br && ai == bi;
            boolean holds = switch (op) {
                case EQUAL -> equal;
                case NOT_EQUAL -> !equal;
                case LESS -> Complex.less(ar, ai, br, bi);
                case LESS_EQUAL -> equal || Complex.less(ar, ai, br, bi);
                default -> throw new IllegalArgumentException(op + " is no comparison");
            };
            o[i] = holds ? 1 : 0;
        }
    }

    private static void extreme(boolean least, float[] a, float[] b, float[] o, int from, int to) {
        for (int i = 2 * from; i < 2 * to; i += 2) {
            boolean less = Complex.less(a[i], a[i + 1], b[i], b[i + 1]);
            boolean second = !Float.isNaN(a[i])
                    && !Float.isNaN(a[i + 1])
                    && (Float.isNaN(b[i]) || Float.isNaN(b[i + 1]) || less != least);
            float re = second ? b[i] : a[i];
            float im = second ? b[i + 1] : a[i + 1];
            o[i] = re;
            o[i + 1] = im;
        }
    }

    private static void map(UnaryOperator<Complex> f, float[] a, float[] o, int from, int to) {
        for (int i = 2 * from; i < 2 * to; i += 2) {
            Complex r = f.apply(new Complex(a[i], a[i + 1]));
            o[i] = (float) r.re();
            o[i + 1] = (float) r.im();
        }
    }

    private static void map(BinaryOperator<Complex> f, float[] a, float[] b, float[] o, int from, int to) {
        for (int i = 2 * from; i < 2 * to; i += 2) {
            Complex r = f.apply(new Complex(a[i], a[i + 1]), new Complex(b[i], b[i + 1]));
            o[i] = (float) r.re();
            o[i + 1] = (float) r.im();
        }
    }
}
