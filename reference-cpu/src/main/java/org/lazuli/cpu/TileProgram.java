package org.lazuli.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Program] with the registers and readers of one thread.
final class TileProgram {
    /// Cheap loops run over this many elements at least. The JIT compiler decides by the lengths it has seen whether a
    /// loop is worth vectorising, and a program's many scalars would have it decide against, for the long arrays too.
    /// Registers and buffers have room for what is computed too much.
    static final int SHORTEST = 16;

    private final Instructions instructions;
    private final Program program;
    private final int size;
    private final Object[] registers;
    private final Object[][] operands;
    private final @Nullable TileReader[] readers;

    /// @param size how many elements the whole tensor has
    /// @param tile the most that are computed at once
    /// @param registers arrays to use as registers, by slot; null where one of the thread's own is to be used
    /// @param readers of the inputs; null for one that lies in its register already
    TileProgram(
            Instructions instructions,
            Program program,
            int size,
            int tile,
            @Nullable Object[] registers,
            @Nullable TileReader[] readers) {
        this.instructions = instructions;
        this.program = program;
        this.size = size;
        this.readers = readers;
        Registers own = Registers.ofThread();
        this.registers = new Object[registers.length];
        for (int i = 0; i < registers.length; i++) {
            Object given = registers[i];
            this.registers[i] = given != null ? given : own.next(program.slots.get(i));
        }
        for (Program.Step step : program.constants) {
            instructions.run(
                    step.op, tile, new Object[0], step.types, this.registers[step.result], step.dtype, 0, tile);
        }
        for (int i = 0; i < readers.length; i++) {
            TileReader reader = readers[i];
            if (reader != null && reader.layout().isUniform()) {
                // The one element of a broadcast scalar.
                reader.repeated(tile).read(0, tile, this.registers[program.inputs[i]]);
                readers[i] = null;
            }
        }
        operands = new Object[program.steps.size()][];
        for (int i = 0; i < operands.length; i++) {
            int[] slots = program.steps.get(i).operands;
            operands[i] = new Object[slots.length];
            for (int j = 0; j < slots.length; j++) {
                operands[i][j] = this.registers[slots[j]];
            }
        }
    }

    /// Computes elements `start` … `start + n - 1` to the start of the registers.
    void compute(int start, int n) {
        for (int i = 0; i < readers.length; i++) {
            TileReader reader = readers[i];
            if (reader != null) {
                reader.read(start, n, registers[program.inputs[i]]);
            }
        }
        for (int i = 0; i < operands.length; i++) {
            Program.Step step = program.steps.get(i);
            int length = n < SHORTEST && Elementwise.cost(step.op) == 1 ? SHORTEST : n;
            instructions.run(step.op, size, operands[i], step.types, registers[step.result], step.dtype, 0, length);
        }
    }

    /// The register that output number `i` is computed to.
    Object output(int i) {
        return registers[program.outputs[i]];
    }

    /// What a program gives, as something to be read by the thread that makes this.
    ///
    /// @param inputs readers of the inputs, which are copied
    static TileSource results(Instructions instructions, Program program, int size, List<TileReader> inputs) {
        @Nullable TileReader[] readers = new TileReader[inputs.size()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = new TileReader(inputs.get(i));
        }
        TileProgram own =
                new TileProgram(instructions, program, size, Tiles.SIZE, new Object[program.slots.size()], readers);
        int width = program.slots.get(program.outputs[0]) == Domain.COMPLEX ? 2 : 1;
        return (start, n, register) -> {
            own.compute(start, n);
            System.arraycopy(own.output(0), 0, register, 0, n * width);
        };
    }
}
