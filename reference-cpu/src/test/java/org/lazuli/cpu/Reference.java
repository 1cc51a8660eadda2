package org.lazuli.cpu;

import java.math.BigInteger;
import org.lazuli.DType;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// The definitions of the elementwise functions on single numbers, as a check on the kernels: real functions from
/// `StrictMath`, integers from `BigInteger`.
final class Reference {
    private Reference() {}

    static double unary(UnaryOp op, double x) {
        return switch (op) {
            case ABS -> StrictMath.abs(x);
            case NEGATIVE -> -x;
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
            case CONJUGATE, REAL -> x;
            case IMAG -> 0;
            case SQRT -> StrictMath.sqrt(x);
            case RSQRT -> 1 / StrictMath.sqrt(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG2 -> StrictMath.log(x) / StrictMath.log(2);
            case LOG10 -> StrictMath.log10(x);
            case LOG1P -> StrictMath.log1p(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case ARCSIN -> StrictMath.asin(x);
            case ARCCOS -> StrictMath.acos(x);
            case ARCTAN -> StrictMath.atan(x);
            case SINH -> StrictMath.sinh(x);
            case COSH -> StrictMath.cosh(x);
            case TANH -> StrictMath.tanh(x);
            case ARCSINH ->
                Double.isFinite(x) && StrictMath.abs(x) > 1e-9
                        ? Precise.asinh(x).doubleValue()
                        : x;
            case ARCCOSH -> StrictMath.log(x + StrictMath.sqrt(x - 1) * StrictMath.sqrt(x + 1));
            case ARCTANH -> (StrictMath.log1p(x) - StrictMath.log1p(-x)) / 2;
            case ERF ->
                Math.abs(x) > 6
                        ? Math.signum(x)
                        : Double.isNaN(x) || x == 0 ? x : Precise.erf(x).doubleValue();
            case ERFINV -> Functions.erfinv(x);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
            case FLOOR -> StrictMath.floor(x);
            case CEIL -> StrictMath.ceil(x);
            case TRUNC -> StrictMath.copySign(StrictMath.floor(StrictMath.abs(x)), x);
            case ROUND -> StrictMath.rint(x);
            case LOGICAL_NOT -> x == 0 ? 1 : 0;
            case BITWISE_INVERT -> throw new IllegalArgumentException();
        };
    }

    static BigInteger unary(UnaryOp op, BigInteger x, DType dtype) {
        return switch (op) {
            case ABS -> x.abs();
            case NEGATIVE -> x.negate();
            case SIGN -> BigInteger.valueOf(x.signum());
            case CONJUGATE, REAL, FLOOR, CEIL, TRUNC, ROUND -> x;
            case IMAG -> BigInteger.ZERO;
            case LOGICAL_NOT -> x.signum() == 0 ? BigInteger.ONE : BigInteger.ZERO;
            case BITWISE_INVERT -> dtype == DType.BOOL ? BigInteger.ONE.subtract(x) : x.not();
            default -> throw new IllegalArgumentException();
        };
    }

    static double binary(BinaryOp op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case FLOOR_DIVIDE -> StrictMath.floor(x / y);
            case REMAINDER -> {
                double r = x % y;
                yield r != 0 && Math.signum(r) != Math.signum(y) ? r + y : r;
            }
            case POWER -> x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : StrictMath.pow(x, y);
            case MAXIMUM -> Double.isNaN(x) || Double.isNaN(y) ? Double.NaN : x > y ? x : y;
            case MINIMUM -> Double.isNaN(x) || Double.isNaN(y) ? Double.NaN : x < y ? x : y;
            case ARCTAN2 -> StrictMath.atan2(x, y);
            case LOGADDEXP -> {
                if (Double.isNaN(x) || Double.isNaN(y)) {
                    yield Double.NaN;
                }
                double high = Math.max(x, y);
                yield Double.isInfinite(high) ? high : high + StrictMath.log1p(StrictMath.exp(Math.min(x, y) - high));
            }
            case EQUAL -> x == y ? 1 : 0;
            case NOT_EQUAL -> x != y ? 1 : 0;
            case LESS -> x < y ? 1 : 0;
            case LESS_EQUAL -> x <= y ? 1 : 0;
            default -> throw new IllegalArgumentException();
        };
    }

    static BigInteger binary(BinaryOp op, BigInteger x, BigInteger y, DType dtype) {
        boolean bool = dtype == DType.BOOL;
        return switch (op) {
            case ADD -> bool ? x.or(y) : x.add(y);
            case SUBTRACT -> bool ? x.xor(y) : x.subtract(y);
            case MULTIPLY -> x.multiply(y);
            case DIVIDE, FLOOR_DIVIDE -> y.signum() == 0 ? y : x.divide(y);
            case REMAINDER -> {
                if (y.signum() == 0) {
                    yield y;
                }
                BigInteger r = x.remainder(y);
                yield r.signum() != 0 && r.signum() != y.signum() ? r.add(y) : r;
            }
            case POWER -> {
                if (y.signum() < 0) {
                    // The reciprocal, truncated.
                    BigInteger magnitude = x.abs();
                    yield magnitude.equals(BigInteger.ONE) ? (y.testBit(0) ? x : BigInteger.ONE) : BigInteger.ZERO;
                }
                yield x.modPow(y, BigInteger.ONE.shiftLeft(64));
            }
            case MAXIMUM -> x.max(y);
            case MINIMUM -> x.min(y);
            case EQUAL -> truth(x.equals(y));
            case NOT_EQUAL -> truth(!x.equals(y));
            case LESS -> truth(x.compareTo(y) < 0);
            case LESS_EQUAL -> truth(x.compareTo(y) <= 0);
            case BITWISE_AND -> x.and(y);
            case BITWISE_OR -> x.or(y);
            case BITWISE_XOR -> x.xor(y);
            case LEFT_SHIFT -> inRange(y, dtype) ? x.shiftLeft(y.intValue()) : BigInteger.ZERO;
            case RIGHT_SHIFT -> x.shiftRight(inRange(y, dtype) ? y.intValue() : 64);
            case ARCTAN2, LOGADDEXP -> throw new IllegalArgumentException();
        };
    }

    private static boolean inRange(BigInteger shift, DType dtype) {
        return shift.signum() >= 0 && shift.compareTo(BigInteger.valueOf(8L * dtype.bytes())) < 0;
    }

    private static BigInteger truth(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
