package org.lazuli.metal.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// An elementwise kernel as straight-line code over registers: a fused one, or a single instruction as one of its own.
///
/// Constants are not part of the code: they are handed over in a table, so that another learning rate needs no other kernel.
///
/// @param inputs the dtypes of the inputs
/// @param instructions in order; operands below the number of inputs are inputs
/// @param outputs the registers to store
record Program(List<DType> inputs, List<Instruction> instructions, Ints outputs) {

    /// The program for a kernel, or null if it has an instruction that is not computed here.
    static @Nullable Program of(Kernel kernel, List<TensorSpec> inputs) {
        List<DType> types = new ArrayList<>();
        for (TensorSpec input : inputs) {
            types.add(input.dtype());
        }
        Program program = switch (kernel) {
            case FusedElementwise fused -> new Program(types, fused.instructions(), fused.outputs());
            case Primitive.Elementwise op -> {
                DType result = resultOf(op, types);
                yield new Program(
                        types,
                        List.of(new Instruction(op, Ints.range(0, types.size()), result)),
                        Ints.of(types.size()));
            }
            default -> null;
        };
        return program != null && program.isDefined() ? program : null;
    }

    /// The dtype of a single instruction's result.
    private static DType resultOf(Primitive.Elementwise op, List<DType> operands) {
        return switch (op) {
            case Primitive.Constant constant -> constant.dtype();
            case Primitive.Cast(DType target) -> target;
            case Primitive.Select() -> operands.get(1);
            case Primitive.Binary(var binary) -> binary.isComparison() ? DType.BOOL : operands.getFirst();
            case Primitive.Unary(var unary) ->
                switch (unary) {
                    case LOGICAL_NOT -> DType.BOOL;
                    case ABS, REAL, IMAG -> operands.getFirst().isComplex() ? DType.FLOAT32 : operands.getFirst();
                    default -> operands.getFirst();
                };
        };
    }

    private boolean isDefined() {
        for (Instruction instruction : instructions) {
            if (!Definitions.isDefined(instruction.op(), instruction.dtype(), typesOf(instruction))) {
                return false;
            }
        }
        return true;
    }

    /// The dtype of a register.
    DType type(int register) {
        return register < inputs.size()
                ? inputs.get(register)
                : instructions.get(register - inputs.size()).dtype();
    }

    /// The dtypes of an instruction's operands.
    DType[] typesOf(Instruction instruction) {
        DType[] types = new DType[instruction.operands().size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = type(instruction.operands().get(i));
        }
        return types;
    }

    /// The same program with only some of its outputs.
    Program storing(Ints some) {
        return new Program(inputs, instructions, some);
    }

    /// Which registers the outputs need.
    boolean[] needed() {
        boolean[] needed = new boolean[inputs.size() + instructions.size()];
        for (int i = 0; i < outputs.size(); i++) {
            needed[outputs.get(i)] = true;
        }
        for (int i = instructions.size() - 1; i >= 0; i--) {
            if (needed[inputs.size() + i]) {
                Ints operands = instructions.get(i).operands();
                for (int j = 0; j < operands.size(); j++) {
                    needed[operands.get(j)] = true;
                }
            }
        }
        return needed;
    }

    /// The bits of the constants, in the order of the instructions.
    long[] constants() {
        long[] bits = new long[instructions.size()];
        int count = 0;
        for (Instruction instruction : instructions) {
            if (instruction.op() instanceof Primitive.Constant constant) {
                bits[count++] = constant.bits();
            }
        }
        return Arrays.copyOf(bits, count);
    }

    /// What tells programs apart whose texts differ, and nothing else.
    String structure() {
        StringBuilder text = new StringBuilder();
        for (DType input : inputs) {
            text.append(input).append(' ');
        }
        for (Instruction instruction : instructions) {
            text.append(';').append(instruction.dtype()).append('=');
            switch (instruction.op()) {
                case Primitive.Constant _ -> text.append("constant");
                case Primitive.Unary(var op) -> text.append(op.name());
                case Primitive.Binary(var op) -> text.append(op.name());
                case Primitive.Select() -> text.append("select");
                case Primitive.Cast _ -> text.append("cast");
            }
            text.append(instruction.operands());
        }
        return text.append('>').append(outputs).toString();
    }
}
