package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Instructions that are a part of another one.
final class Nested {
    private Nested() {}

    /// Whether some family runs the instruction.
    static boolean isSupported(Kernel kernel, TensorSpec operand) {
        return Families.all().stream().anyMatch(family -> family.supports(kernel, List.of(operand)));
    }

    /// Encodes an instruction with one operand by the family that runs it.
    static void encode(Kernel kernel, Tensor operand, Tensor result, Commands commands) {
        List<Tensor> operands = List.of(operand);
        for (KernelFamily family : Families.all()) {
            if (family.supports(kernel, List.of(operand.spec()))) {
                family.encode(kernel, operands, List.of(result), commands);
                return;
            }
        }
        throw new IllegalStateException("no family runs " + kernel + " on " + operand.spec());
    }
}
