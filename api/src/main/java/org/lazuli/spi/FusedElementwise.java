package org.lazuli.spi;

import java.util.List;
import org.lazuli.DType;

/// Several elementwise instructions to run in one pass over the data, nothing stored in between.
///
/// Registers are numbered: the kernel's inputs first, then one for each instruction's result. All inputs and outputs have one shape (inputs come
/// broadcast, with stride 0); a [Primitive.Constant] fills its register. Each result is rounded to its dtype, so a fused kernel gives the bits that
/// its instructions would give one by one.
///
/// @param inputs the number of inputs
/// @param instructions in order; none reads a register that is not written yet
/// @param outputs the registers to store, one for each output of the kernel
public record FusedElementwise(int inputs, List<Instruction> instructions, Ints outputs) implements Kernel {

    /// One step.
    ///
    /// @param op what to compute
    /// @param operands the registers it reads
    /// @param dtype the type of its result
    public record Instruction(Primitive.Elementwise op, Ints operands, DType dtype) {}

    public FusedElementwise {
        instructions = List.copyOf(instructions);
    }
}
