package org.lazuli.metal.kernels;

import org.lazuli.DType;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// On which dtypes an elementwise instruction is computed here. float64 is on none; of complex64, what float2 does as well as the reference's
/// double.
final class Definitions {
    private Definitions() {}

    /// @param operands the types of the operands
    static boolean isDefined(Primitive.Elementwise op, DType result, DType... operands) {
        if (result == DType.FLOAT64) {
            return false;
        }
        for (DType operand : operands) {
            if (operand == DType.FLOAT64) {
                return false;
            }
        }
        return switch (op) {
            case Primitive.Unary(UnaryOp unary) -> isDefined(unary, operands[0]);
            case Primitive.Binary(BinaryOp binary) -> isDefined(binary, operands[0]);
            case Primitive.Constant _, Primitive.Select _, Primitive.Cast _ -> true;
        };
    }

    private static boolean isDefined(UnaryOp op, DType dtype) {
        return switch (op) {
            case ABS, CONJUGATE, REAL, IMAG, ROUND, LOGICAL_NOT -> true;
            case NEGATIVE -> dtype != DType.BOOL;
            case SIGN, FLOOR, CEIL, TRUNC -> !dtype.isComplex();
            case BITWISE_INVERT -> !dtype.isInexact();
            case SQRT,
                    RSQRT,
                    EXP,
                    EXPM1,
                    LOG,
                    LOG2,
                    LOG10,
                    LOG1P,
                    SIN,
                    COS,
                    TAN,
                    ARCSIN,
                    ARCCOS,
                    ARCTAN,
                    SINH,
                    COSH,
                    TANH,
                    ARCSINH,
                    ARCCOSH,
                    ARCTANH,
                    ERF,
                    ERFINV,
                    SIGMOID -> dtype.isFloating();
        };
    }

    private static boolean isDefined(BinaryOp op, DType dtype) {
        return switch (op) {
            case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> true;
            case DIVIDE, FLOOR_DIVIDE, REMAINDER, POWER -> !dtype.isComplex();
            case ARCTAN2, LOGADDEXP -> dtype.isFloating();
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR -> !dtype.isInexact();
            case LEFT_SHIFT, RIGHT_SHIFT -> dtype.isInteger();
        };
    }
}
