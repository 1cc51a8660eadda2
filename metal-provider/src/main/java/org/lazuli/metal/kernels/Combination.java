package org.lazuli.metal.kernels;

import java.util.Locale;
import org.lazuli.DType;
import org.lazuli.spi.Primitive.ArgReduceOp;

/// What a reduction or a scan carries along the elements, its *state*, and how two of them become one: the texts that define it.
///
/// @param name what distinguishes the kernels
/// @param stateBytes the size of a state in memory
/// @param text the macros of the file
/// @param file the text that defines it, to come after `shuffles`
record Combination(String name, int stateBytes, KernelText text, String file) {
    /// The operations of `combining.metal`.
    enum Operation {
        SUM,
        PROD,
        MAX,
        MIN
    }

    /// Sums, products and extremes. Sums of booleans are as wide as an integer.
    static Combination of(Operation operation, DType dtype) {
        boolean extreme = operation == Operation.MAX || operation == Operation.MIN;
        String value = extreme ? Values.compared(dtype) : Values.accumulated(dtype);
        String type = Msl.storage(dtype);
        return new Combination(
                operation.name().toLowerCase(Locale.ROOT) + "_" + dtype,
                dtype.bytes() == 8 ? 8 : 4,
                KernelText.open()
                        .define("KIND", Values.kind(dtype))
                        .define("ELEMENT", type)
                        .define("RESULT", type)
                        .define("VALUE", value)
                        .define("OPERATION", operation.ordinal())
                        .define("NEUTRAL", neutral(operation, dtype)),
                "combining");
    }

    /// Logarithms of sums of exponentials, of floating point numbers.
    static Combination logAddExp(DType dtype) {
        String type = Msl.storage(dtype);
        return new Combination(
                "logaddexp_" + dtype,
                8,
                KernelText.open().define("ELEMENT", type).define("RESULT", type),
                "logarithms");
    }

    static Combination position(ArgReduceOp op, DType dtype) {
        boolean largest = op == ArgReduceOp.ARGMAX;
        return new Combination(
                (largest ? "argmax_" : "argmin_") + dtype,
                dtype.bytes() == 8 ? 16 : 8,
                KernelText.open()
                        .define("KIND", Values.kind(dtype))
                        .define("ELEMENT", Msl.storage(dtype))
                        .define("RESULT", "uint")
                        .define("VALUE", Values.compared(dtype))
                        .define("LARGEST", largest),
                "positions");
    }

    private static String neutral(Operation operation, DType dtype) {
        boolean complex = dtype.isComplex();
        return switch (operation) {
            case SUM -> complex ? "float2(0.0f, 0.0f)" : "VALUE(0)";
            case PROD -> complex ? "float2(1.0f, 0.0f)" : "VALUE(1)";
            case MAX -> dtype.isFloating() ? "(-INFINITY)" : least(dtype);
            case MIN -> dtype.isFloating() ? "INFINITY" : greatest(dtype);
        };
    }

    private static String least(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32 -> "0u";
            case UINT64 -> "0ul";
            case INT8 -> "(-128)";
            case INT16 -> "(-32768)";
            case INT32 -> "(-2147483647 - 1)";
            case INT64 -> "(-9223372036854775807l - 1l)";
            default -> throw new IllegalArgumentException(dtype + " is no integer type");
        };
    }

    private static String greatest(DType dtype) {
        return switch (dtype) {
            case BOOL -> "1u";
            case UINT8 -> "255u";
            case UINT16 -> "65535u";
            case UINT32 -> "0xFFFFFFFFu";
            case UINT64 -> "0xFFFFFFFFFFFFFFFFul";
            case INT8 -> "127";
            case INT16 -> "32767";
            case INT32 -> "2147483647";
            case INT64 -> "9223372036854775807l";
            default -> throw new IllegalArgumentException(dtype + " is no integer type");
        };
    }
}
