package org.lazuli.metal;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// Builds fused kernels for tests: many instructions in one kernel cost one compilation.
final class Programs {
    private final List<DType> types = new ArrayList<>();
    private final List<FusedElementwise.Instruction> instructions = new ArrayList<>();
    private final List<Integer> outputs = new ArrayList<>();
    private final int inputs;

    Programs(DType... inputs) {
        this.inputs = inputs.length;
        types.addAll(List.of(inputs));
    }

    /// Adds an instruction. Gives its register.
    int add(Primitive.Elementwise op, int... operands) {
        DType first = operands.length == 0 ? null : types.get(operands[0]);
        DType result = switch (op) {
            case Primitive.Constant constant -> constant.dtype();
            case Primitive.Cast(DType target) -> target;
            case Primitive.Select() -> types.get(operands[1]);
            case Primitive.Unary(UnaryOp unary) -> resultOf(unary, first);
            case Primitive.Binary(BinaryOp binary) -> binary.isComparison() ? DType.BOOL : first;
        };
        instructions.add(new FusedElementwise.Instruction(op, Ints.of(operands), result));
        types.add(result);
        return types.size() - 1;
    }

    /// Adds an instruction whose result is stored.
    int output(Primitive.Elementwise op, int... operands) {
        int register = add(op, operands);
        outputs.add(register);
        return register;
    }

    DType type(int register) {
        return types.get(register);
    }

    int size() {
        return types.size();
    }

    FusedElementwise kernel() {
        return new FusedElementwise(
                inputs,
                instructions,
                Ints.of(outputs.stream().mapToInt(Integer::intValue).toArray()));
    }

    List<TensorSpec> specs(Shape shape) {
        return outputs.stream()
                .map(output -> new TensorSpec(types.get(output), shape))
                .toList();
    }

    static DType resultOf(UnaryOp op, DType dtype) {
        return switch (op) {
            case LOGICAL_NOT -> DType.BOOL;
            case ABS, REAL, IMAG -> dtype.isComplex() ? DType.FLOAT32 : dtype;
            default -> dtype;
        };
    }
}
