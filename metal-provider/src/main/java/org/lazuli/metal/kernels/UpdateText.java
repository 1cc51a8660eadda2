package org.lazuli.metal.kernels;

import java.util.Locale;
import org.lazuli.DType;
import org.lazuli.spi.Primitive.UpdateOp;

/// The macros of `updates.metal`.
final class UpdateText {
    private UpdateText() {}

    /// What distinguishes the kernels: the operation and the type, of which only the size matters where updates are set.
    static String suffix(UpdateOp op, DType dtype) {
        String elements = dtype == DType.BOOL && op != UpdateOp.SET ? "bool" : type(op, dtype);
        return op.name().toLowerCase(Locale.ROOT) + "_" + elements;
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
