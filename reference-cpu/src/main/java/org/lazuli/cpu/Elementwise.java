package org.lazuli.cpu;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;

/// The engine for everything that works element by element: inputs are read a tile at a time into registers, each
/// instruction runs as one plain loop over whole tiles, and results are stored. A single primitive is a program of one
/// instruction.
final class Elementwise {
    private Elementwise() {}

    static void run(Primitive.Elementwise op, List<Tensor> inputs, Tensor output) {
        if (output.shape().size() == 0) {
            return;
        }
        if (!runDirectly(op, inputs, output)) {
            Program program = Program.of(op, inputs.stream().map(Tensor::spec).toList(), output.dtype());
            run(program, inputs, List.of(output));
        }
    }

    static void run(FusedElementwise kernel, List<Tensor> inputs, List<Tensor> outputs) {
        if (!outputs.isEmpty() && outputs.getFirst().shape().size() > 0) {
            run(new Program(kernel, inputs.stream().map(Tensor::spec).toList()), inputs, outputs);
        }
    }

    /// Runs on the storage arrays themselves if every operand is contiguous from its buffer's start and stored as it is
    /// computed.
    private static boolean runDirectly(Primitive.Elementwise op, List<Tensor> inputs, Tensor output) {
        if (!Domain.isDirect(output.dtype())) {
            return false;
        }
        Object[] operands = new Object[inputs.size()];
        DType[] types = new DType[inputs.size()];
        for (int i = 0; i < operands.length; i++) {
            Tensor input = inputs.get(i);
            if (!Domain.isDirect(input.dtype()) || input.offset() != 0 || !input.isContiguous()) {
                return false;
            }
            operands[i] = Storage.array(input);
            types[i] = input.dtype();
        }
        Instructions.run(
                op,
                operands,
                types,
                Storage.array(output),
                output.dtype(),
                0,
                output.shape().size());
        return true;
    }

    private static void run(Program program, List<Tensor> inputs, List<Tensor> outputs) {
        int size = outputs.getFirst().shape().size();
        int tile = Math.min(size, Tiles.SIZE);
        Object[] registers = new Object[program.slots.size()];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = program.slots.get(i).register(tile);
        }
        for (Program.Step step : program.constants) {
            Instructions.run(step.op, new Object[0], step.types, registers[step.result], step.dtype, 0, tile);
        }
        TileReader[] readers = new TileReader[inputs.size()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = new TileReader(inputs.get(i));
            if (readers[i].layout().isUniform()) {
                readUniform(inputs.get(i), registers[program.inputs[i]], tile);
            }
        }
        Object[][] operands = new Object[program.steps.size()][];
        for (int i = 0; i < operands.length; i++) {
            int[] slots = program.steps.get(i).operands;
            operands[i] = new Object[slots.length];
            for (int j = 0; j < slots.length; j++) {
                operands[i][j] = registers[slots[j]];
            }
        }
        for (int start = 0; start < size; start += tile) {
            int n = Math.min(tile, size - start);
            for (int i = 0; i < readers.length; i++) {
                if (!readers[i].layout().isUniform()) {
                    readers[i].read(start, n, registers[program.inputs[i]]);
                }
            }
            for (int i = 0; i < operands.length; i++) {
                Program.Step step = program.steps.get(i);
                Instructions.run(step.op, operands[i], step.types, registers[step.result], step.dtype, 0, n);
            }
            for (int i = 0; i < outputs.size(); i++) {
                Tensor output = outputs.get(i);
                Conversions.narrow(output.dtype(), registers[program.outputs[i]], Storage.array(output), start, n);
            }
        }
    }

    /// Fills a register with the one element of a broadcast scalar.
    private static void readUniform(Tensor input, Object register, int n) {
        new TileReader(input, Layout.repeated(n, input.offset())).read(0, n, register);
    }
}
