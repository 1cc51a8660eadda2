package org.lazuli.metal.kernels;

import org.lazuli.DType;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Elementwise instructions as expressions of MSL.
///
/// A register has the type of its dtype in memory, except that `bool` is one and that float16 and bfloat16 are computed in float and rounded at
/// each instruction. bfloat16 is taken apart and rounded as bits here, so that subnormal numbers and NaN come out as on the reference whatever the
/// device makes of them. Operands are names of registers.
final class Expressions {
    private final Helpers helpers;

    /// @param helpers takes in the functions that the expressions call
    Expressions(Helpers helpers) {
        this.helpers = helpers;
    }

    /// The type of a register.
    static String register(DType dtype) {
        return switch (dtype) {
            case BOOL -> "bool";
            case FLOAT16, BFLOAT16 -> "float";
            default -> Msl.storage(dtype);
        };
    }

    /// The type of an element in memory.
    static String storage(DType dtype) {
        return dtype == DType.BFLOAT16 ? "ushort" : Msl.storage(dtype);
    }

    /// An element in memory as a register's value.
    static String load(DType dtype, String element) {
        return switch (dtype) {
            case BOOL -> element + " != 0";
            case FLOAT16 -> "float(" + element + ")";
            case BFLOAT16 -> "as_type<float>(uint(" + element + ") << 16)";
            default -> element;
        };
    }

    /// A register's value as an element in memory.
    static String store(DType dtype, String register) {
        return switch (dtype) {
            case BOOL -> register + " ? uchar(1) : uchar(0)";
            case FLOAT16 -> "half(" + register + ")";
            case BFLOAT16 -> "ushort(as_type<uint>(" + register + ") >> 16)";
            default -> register;
        };
    }

    /// A constant, which the kernel is given as 64 bits.
    static String constant(DType dtype, String bits) {
        return switch (dtype) {
            case BOOL -> "uchar(" + bits + ") != 0";
            case FLOAT16 -> "float(as_type<half>(ushort(" + bits + ")))";
            case BFLOAT16 -> "as_type<float>(uint(" + bits + ") << 16)";
            case FLOAT32 -> "as_type<float>(uint(" + bits + "))";
            case COMPLEX64 -> "float2(as_type<float>(uint(" + bits + ")), as_type<float>(uint(" + bits + " >> 32)))";
            default -> Msl.storage(dtype) + "(" + bits + ")";
        };
    }

    /// The result of an instruction, rounded to its dtype.
    String of(Primitive.Elementwise op, DType result, DType[] types, String[] operands) {
        String value = switch (op) {
            case Primitive.Unary(UnaryOp unary) -> unary(unary, types[0], operands[0]);
            case Primitive.Binary(BinaryOp binary) -> binary(binary, types[0], operands[0], operands[1]);
            case Primitive.Select() ->
                result.isComplex()
                        ? call(FloatFunction.COMPLEX_SELECT, operands)
                        : operands[0] + " ? " + operands[1] + " : " + operands[2];
            case Primitive.Cast(DType target) -> cast(types[0], target, operands[0]);
            case Primitive.Constant _ -> throw new IllegalArgumentException("a constant has no operands");
        };
        return switch (result) {
            case FLOAT16 -> "float(half(" + value + "))";
            case BFLOAT16 -> call(FloatFunction.ROUND_TO_BFLOAT, value);
            default -> value;
        };
    }

    private String call(FloatFunction function, String... operands) {
        return helpers.use(function) + "(" + String.join(", ", operands) + ")";
    }

    private String call(IntegerFunction function, DType dtype, String... operands) {
        return helpers.use(function, Msl.storage(dtype)) + "(" + String.join(", ", operands) + ")";
    }

    private String unary(UnaryOp op, DType dtype, String x) {
        return switch (dtype.category()) {
            case FLOATING -> ofFloat(op, x);
            case COMPLEX -> ofComplex(op, x);
            case BOOL -> ofBool(op, x);
            case SIGNED, UNSIGNED -> ofInteger(op, dtype, x);
        };
    }

    private String ofFloat(UnaryOp op, String x) {
        return switch (op) {
            case ABS -> "fabs(" + x + ")";
            case NEGATIVE -> "-" + x;
            case SIGN -> call(FloatFunction.SIGN, x);
            case CONJUGATE, REAL -> x;
            case IMAG -> "0.0f";
            case SQRT -> "sqrt(" + x + ")";
            case RSQRT -> "1.0f / sqrt(" + x + ")";
            case EXP -> "exp(" + x + ")";
            case EXPM1 -> call(FloatFunction.EXPM1, x);
            case LOG -> "log(" + x + ")";
            case LOG2 -> "log2(" + x + ")";
            case LOG10 -> "log10(" + x + ")";
            case LOG1P -> call(FloatFunction.LOG1P, x);
            case SIN -> "sin(" + x + ")";
            case COS -> "cos(" + x + ")";
            case TAN -> "tan(" + x + ")";
            case ARCSIN -> "asin(" + x + ")";
            case ARCCOS -> "acos(" + x + ")";
            case ARCTAN -> "atan(" + x + ")";
            case SINH -> "sinh(" + x + ")";
            case COSH -> "cosh(" + x + ")";
            case TANH -> "tanh(" + x + ")";
            case ARCSINH -> "asinh(" + x + ")";
            case ARCCOSH -> "acosh(" + x + ")";
            case ARCTANH -> "atanh(" + x + ")";
            case ERF -> call(FloatFunction.ERF, x);
            case ERFINV -> call(FloatFunction.ERFINV, x);
            case SIGMOID -> call(FloatFunction.SIGMOID, x);
            case FLOOR -> "floor(" + x + ")";
            case CEIL -> "ceil(" + x + ")";
            case TRUNC -> "trunc(" + x + ")";
            case ROUND -> "rint(" + x + ")";
            case LOGICAL_NOT -> x + " == 0.0f";
            case BITWISE_INVERT -> throw undefined(op);
        };
    }

    private String ofComplex(UnaryOp op, String x) {
        return switch (op) {
            case ABS -> call(FloatFunction.COMPLEX_ABS, x);
            case NEGATIVE -> "-" + x;
            case CONJUGATE -> "float2(" + x + ".x, -" + x + ".y)";
            case REAL -> x + ".x";
            case IMAG -> x + ".y";
            case ROUND -> "float2(rint(" + x + ".x), rint(" + x + ".y))";
            case LOGICAL_NOT -> x + ".x == 0.0f && " + x + ".y == 0.0f";
            default -> throw undefined(op);
        };
    }

    private static String ofBool(UnaryOp op, String x) {
        return switch (op) {
            case ABS, SIGN, CONJUGATE, REAL, FLOOR, CEIL, TRUNC, ROUND -> x;
            case IMAG -> "false";
            case LOGICAL_NOT, BITWISE_INVERT -> "!" + x;
            default -> throw undefined(op);
        };
    }

    private String ofInteger(UnaryOp op, DType dtype, String x) {
        String type = Msl.storage(dtype);
        return switch (op) {
            case ABS -> dtype.isUnsigned() ? x : call(IntegerFunction.ABS, dtype, x);
            case NEGATIVE -> call(IntegerFunction.NEGATIVE, dtype, x);
            case SIGN ->
                dtype.isUnsigned()
                        ? x + " == 0 ? " + type + "(0) : " + type + "(1)"
                        : call(IntegerFunction.SIGN, dtype, x);
            case CONJUGATE, REAL, FLOOR, CEIL, TRUNC, ROUND -> x;
            case IMAG -> type + "(0)";
            case LOGICAL_NOT -> x + " == 0";
            case BITWISE_INVERT -> type + "(~" + x + ")";
            default -> throw undefined(op);
        };
    }

    private String binary(BinaryOp op, DType dtype, String a, String b) {
        return switch (dtype.category()) {
            case FLOATING -> ofFloats(op, a, b);
            case COMPLEX -> ofComplexes(op, a, b);
            case BOOL -> ofBools(op, a, b);
            case SIGNED, UNSIGNED -> ofIntegers(op, dtype, a, b);
        };
    }

    private String ofFloats(BinaryOp op, String a, String b) {
        return switch (op) {
            case ADD -> a + " + " + b;
            case SUBTRACT -> a + " - " + b;
            case MULTIPLY -> a + " * " + b;
            case DIVIDE -> a + " / " + b;
            case FLOOR_DIVIDE -> call(FloatFunction.FLOOR_DIVIDE, a, b);
            case REMAINDER -> call(FloatFunction.REMAINDER, a, b);
            case POWER -> call(FloatFunction.POWER, a, b);
            case MAXIMUM -> call(FloatFunction.MAXIMUM, a, b);
            case MINIMUM -> call(FloatFunction.MINIMUM, a, b);
            case ARCTAN2 -> "atan2(" + a + ", " + b + ")";
            case LOGADDEXP -> call(FloatFunction.LOGADDEXP, a, b);
            case EQUAL -> a + " == " + b;
            case NOT_EQUAL -> a + " != " + b;
            case LESS -> a + " < " + b;
            case LESS_EQUAL -> a + " <= " + b;
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR, LEFT_SHIFT, RIGHT_SHIFT -> throw undefined(op);
        };
    }

    private String ofComplexes(BinaryOp op, String a, String b) {
        String equal = a + ".x == " + b + ".x && " + a + ".y == " + b + ".y";
        return switch (op) {
            case ADD -> a + " + " + b;
            case SUBTRACT -> a + " - " + b;
            case MULTIPLY -> call(FloatFunction.COMPLEX_MULTIPLY, a, b);
            case MAXIMUM -> call(FloatFunction.COMPLEX_MAXIMUM, a, b);
            case MINIMUM -> call(FloatFunction.COMPLEX_MINIMUM, a, b);
            case EQUAL -> equal;
            case NOT_EQUAL -> "!(" + equal + ")";
            case LESS -> call(FloatFunction.COMPLEX_LESS, a, b);
            case LESS_EQUAL -> "(" + equal + ") || " + call(FloatFunction.COMPLEX_LESS, a, b);
            default -> throw undefined(op);
        };
    }

    private static String ofBools(BinaryOp op, String a, String b) {
        return switch (op) {
            case ADD, MAXIMUM, BITWISE_OR -> a + " || " + b;
            case SUBTRACT, BITWISE_XOR, NOT_EQUAL -> a + " != " + b;
            // Division by false gives false.
            case MULTIPLY, MINIMUM, BITWISE_AND, DIVIDE, FLOOR_DIVIDE -> a + " && " + b;
            case REMAINDER -> "false";
            case POWER -> a + " || !" + b;
            case LESS_EQUAL -> "!" + a + " || " + b;
            case EQUAL -> a + " == " + b;
            case LESS -> "!" + a + " && " + b;
            case ARCTAN2, LOGADDEXP, LEFT_SHIFT, RIGHT_SHIFT -> throw undefined(op);
        };
    }

    private String ofIntegers(BinaryOp op, DType dtype, String a, String b) {
        String type = Msl.storage(dtype);
        // Signed overflow is undefined in the languages that MSL comes from; unsigned wraps.
        String wide = dtype.bytes() == 8 ? "ulong" : "uint";
        return switch (op) {
            case ADD -> type + "(" + wide + "(" + a + ") + " + wide + "(" + b + "))";
            case SUBTRACT -> type + "(" + wide + "(" + a + ") - " + wide + "(" + b + "))";
            case MULTIPLY -> type + "(" + wide + "(" + a + ") * " + wide + "(" + b + "))";
            case DIVIDE, FLOOR_DIVIDE -> call(IntegerFunction.DIVIDE, dtype, a, b);
            case REMAINDER -> call(IntegerFunction.REMAINDER, dtype, a, b);
            case POWER -> call(IntegerFunction.POWER, dtype, a, b);
            case MAXIMUM -> a + " < " + b + " ? " + b + " : " + a;
            case MINIMUM -> b + " < " + a + " ? " + b + " : " + a;
            case EQUAL -> a + " == " + b;
            case NOT_EQUAL -> a + " != " + b;
            case LESS -> a + " < " + b;
            case LESS_EQUAL -> a + " <= " + b;
            case BITWISE_AND -> type + "(" + a + " & " + b + ")";
            case BITWISE_OR -> type + "(" + a + " | " + b + ")";
            case BITWISE_XOR -> type + "(" + a + " ^ " + b + ")";
            case LEFT_SHIFT -> call(IntegerFunction.LEFT_SHIFT, dtype, a, b);
            case RIGHT_SHIFT -> call(IntegerFunction.RIGHT_SHIFT, dtype, a, b);
            case ARCTAN2, LOGADDEXP -> throw undefined(op);
        };
    }

    private String cast(DType source, DType target, String x) {
        if (source == target) {
            return x;
        }
        if (source.isComplex()) {
            return target == DType.BOOL ? x + ".x != 0.0f" : cast(DType.FLOAT32, target, x + ".x");
        }
        return switch (target.category()) {
            case BOOL -> x + " != 0";
            case FLOATING -> source.isFloating() ? x : "float(" + x + ")";
            case COMPLEX -> "float2(float(" + x + "), 0.0f)";
            case SIGNED, UNSIGNED ->
                Msl.storage(target) + "(" + (source.isFloating() ? call(FloatFunction.TO_INTEGER, x) : x) + ")";
        };
    }

    private static IllegalArgumentException undefined(Enum<?> op) {
        return new IllegalArgumentException(op + " is not defined there");
    }
}
