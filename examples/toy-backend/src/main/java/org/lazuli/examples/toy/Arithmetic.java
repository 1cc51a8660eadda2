package org.lazuli.examples.toy;

import static org.lazuli.DType.FLOAT32;

import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// What the toy's elementwise instructions compute.
final class Arithmetic {
    private Arithmetic() {}

    static boolean defines(Primitive.Elementwise op) {
        return switch (op) {
            case Primitive.Constant(var dtype, var _) -> dtype == FLOAT32;
            case Primitive.Unary(UnaryOp unary) -> unary == UnaryOp.EXP;
            case Primitive.Binary(BinaryOp binary) -> binary == BinaryOp.ADD || binary == BinaryOp.MULTIPLY;
            default -> false;
        };
    }

    /// The result of an instruction on one element.
    ///
    /// @param operands the registers that it reads
    static float apply(Primitive.Elementwise op, Ints operands, float[] registers) {
        return switch (op) {
            case Primitive.Constant(var _, long bits) -> Float.intBitsToFloat((int) bits);
            case Primitive.Unary _ -> (float) Math.exp(registers[operands.get(0)]);
            case Primitive.Binary(BinaryOp binary) -> {
                float x = registers[operands.get(0)];
                float y = registers[operands.get(1)];
                yield binary == BinaryOp.ADD ? x + y : x * y;
            }
            default -> throw new AssertionError(op + " is not supported");
        };
    }
}
