package org.lazuli.metal.kernels;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.UpdateOp;

/// The macros of `updates.metal`.
final class UpdateText {
    private UpdateText() {}

    /// What distinguishes the kernels: the operation and the type, of which only the size matters where updates are set.
    static String suffix(UpdateOp op, DType dtype) {
        return switch (op) {
            case SET -> "set_" + type(op, dtype);
            case ADD -> "add_" + kind(dtype) + type(op, dtype);
            case MULTIPLY -> "multiply_" + kind(dtype) + type(op, dtype);
            case MAXIMUM -> "maximum_" + kind(dtype) + type(op, dtype);
            case MINIMUM -> "minimum_" + kind(dtype) + type(op, dtype);
        };
    }

    /// @param ties whether a minimum of complex numbers takes the second of two that compare equal
    static KernelText define(KernelText text, UpdateOp op, DType dtype, boolean ties) {
        text.define("ELEMENT", type(op, dtype)).define("UPDATE", op.ordinal());
        if (op != UpdateOp.SET) {
            text.define("KIND", kind(dtype))
                    .define("WIDE", dtype.bytes() == 8 ? "ulong" : "uint")
                    .define("TIES", ties);
        }
        return text;
    }

    private static String type(UpdateOp op, DType dtype) {
        return op == UpdateOp.SET ? Msl.word(dtype.bytes()) : Msl.storage(dtype);
    }

    private static int kind(DType dtype) {
        return switch (dtype.category()) {
            case BOOL -> 0;
            case SIGNED, UNSIGNED -> 1;
            case FLOATING -> 2;
            case COMPLEX -> 3;
        };
    }
}
