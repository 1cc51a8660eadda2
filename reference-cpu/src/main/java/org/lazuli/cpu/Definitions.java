package org.lazuli.cpu;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// On which dtypes each kernel is defined.
final class Definitions {
    private Definitions() {}

    static boolean isDefined(Kernel kernel, List<TensorSpec> inputs) {
        return switch (kernel) {
            case FusedElementwise fused -> isDefined(fused, inputs);
            case FusedReduction fused -> isDefined(fused.chain(), inputs);
            case Primitive.Unary(UnaryOp op) -> isDefined(op, inputs.getFirst().dtype());
            case Primitive.Binary(BinaryOp op) ->
                isDefined(op, inputs.getFirst().dtype());
            case Primitive.MatMul(), Primitive.Convolution _ ->
                inputs.getFirst().dtype().isInexact();
            case Primitive.FourierTransform(var op, var _, var _, var _) ->
                inputs.getFirst().dtype() == op.operand();
            case Primitive.Several _, Primitive.Cholesky _, Primitive.TriangularSolve _ ->
                isMatrixType(inputs.getFirst().dtype());
            case Primitive.Compute _ -> true;
            case Accelerated.CustomKernel _ -> false;
            case Accelerated _ ->
                switch (inputs.getFirst().dtype()) {
                    case FLOAT16, BFLOAT16, FLOAT32 -> true;
                    default -> false;
                };
        };
    }

    /// Of linear algebra, which needs the digits.
    private static boolean isMatrixType(DType dtype) {
        return dtype == DType.FLOAT32 || dtype == DType.FLOAT64 || dtype == DType.COMPLEX64;
    }

    private static boolean isDefined(FusedElementwise fused, List<TensorSpec> inputs) {
        DType[] types = new DType[inputs.size() + fused.instructions().size()];
        for (int i = 0; i < inputs.size(); i++) {
            types[i] = inputs.get(i).dtype();
        }
        int register = inputs.size();
        for (FusedElementwise.Instruction instruction : fused.instructions()) {
            boolean defined = switch (instruction.op()) {
                case Primitive.Unary(UnaryOp op) ->
                    isDefined(op, types[instruction.operands().get(0)]);
                case Primitive.Binary(BinaryOp op) ->
                    isDefined(op, types[instruction.operands().get(0)]);
                case Primitive.Constant _, Primitive.Select _, Primitive.Cast _ -> true;
            };
            if (!defined) {
                return false;
            }
            types[register++] = instruction.dtype();
        }
        return true;
    }

    static boolean isDefined(UnaryOp op, DType dtype) {
        return switch (op) {
            case ABS, SIGN, CONJUGATE, REAL, IMAG, ROUND, LOGICAL_NOT -> true;
            case NEGATIVE -> dtype != DType.BOOL;
            case FLOOR, CEIL, TRUNC -> !dtype.isComplex();
            case ERF, ERFINV -> dtype.isFloating();
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
                    SIGMOID -> dtype.isInexact();
        };
    }

    static boolean isDefined(BinaryOp op, DType dtype) {
        return switch (op) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MAXIMUM, MINIMUM -> true;
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> true;
            case FLOOR_DIVIDE, REMAINDER -> !dtype.isComplex();
            case ARCTAN2 -> dtype.isFloating();
            case LOGADDEXP -> dtype.isInexact();
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR -> !dtype.isInexact();
            case LEFT_SHIFT, RIGHT_SHIFT -> dtype.isInteger();
        };
    }
}
