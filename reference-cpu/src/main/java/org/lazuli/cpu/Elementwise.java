package org.lazuli.cpu;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The engine for everything that works element by element: inputs are read a tile at a time into registers, each
/// instruction runs as one plain loop over whole tiles, and results are stored. A single primitive is a program of one
/// instruction.
@SuppressWarnings("ReferenceEquality") // whether two tensors share memory is a question of identity
final class Elementwise {
    /// The cheap instructions on elements that are worth a part of their own.
    private static final int GRAIN = 1 << 15;

    /// Parts enough for threads that do not run alike; more would only begin more often.
    private static final int MOST_PARTS = 32;

    private final Instructions instructions;
    private final Programs programs;
    private final FusedLoops loops;

    Elementwise(Instructions instructions, FusedLoops loops) {
        this.instructions = instructions;
        this.loops = loops;
        programs = new Programs(loops);
    }

    void run(Primitive.Elementwise op, List<Tensor> inputs, List<TensorSpec> specs, Tensor output) {
        if (output.shape().size() == 0) {
            return;
        }
        if (!runDirectly(op, inputs, output)) {
            work(Program.of(op, specs, output.dtype()), inputs, List.of(output)).run();
        }
    }

    void run(FusedElementwise kernel, List<Tensor> inputs, List<TensorSpec> specs, List<Tensor> outputs) {
        if (!outputs.isEmpty() && outputs.getFirst().shape().size() > 0) {
            work(kernel, inputs, specs, outputs).run();
        }
    }

    /// What a kernel that has elements has to compute.
    ElementWork work(FusedElementwise kernel, List<Tensor> inputs, List<TensorSpec> specs, List<Tensor> outputs) {
        Program program = programs.of(kernel, specs);
        ElementWork loop = program.loop == null ? null : loops.work(program.loop, inputs, outputs);
        return loop != null ? loop : work(program, inputs, outputs);
    }

    /// True if a program of this kernel on these types has run: what is defined need not be asked again.
    boolean isKnown(FusedElementwise kernel, List<TensorSpec> specs) {
        return programs.find(kernel, specs) != null;
    }

    /// Runs on the storage arrays themselves if every operand is contiguous from its buffer's start and stored as it is
    /// computed.
    private boolean runDirectly(Primitive.Elementwise op, List<Tensor> inputs, Tensor output) {
        if (!Domain.isDirect(output.dtype())) {
            return false;
        }
        Object[] operands = new Object[inputs.size()];
        DType[] types = new DType[inputs.size()];
        int shortest = cost(op) == 1 ? TileProgram.SHORTEST : 0;
        for (int i = 0; i < operands.length; i++) {
            Tensor input = inputs.get(i);
            if (!Domain.isDirect(input.dtype()) || input.offset() != 0 || !input.isContiguous()) {
                return false;
            }
            operands[i] = Storage.array(input);
            types[i] = input.dtype();
            shortest = Math.min(shortest, Array.getLength(operands[i]) / Storage.width(types[i]));
        }
        int size = output.shape().size();
        DType dtype = output.dtype();
        Object target = Storage.array(output);
        if (size <= TileProgram.SHORTEST) {
            shortest = Math.min(shortest, Array.getLength(target) / Storage.width(dtype));
            instructions.run(op, size, operands, types, target, dtype, 0, Math.max(size, shortest));
            return true;
        }
        new ElementWork(
                        size,
                        grain(size, cost(op)),
                        (from, to) -> instructions.run(op, size, operands, types, target, dtype, from, to))
                .run();
        return true;
    }

    private ElementWork work(Program program, List<Tensor> inputs, List<Tensor> outputs) {
        int size = outputs.getFirst().shape().size();
        int cost = 1 + inputs.size();
        for (Program.Step step : program.steps) {
            cost += cost(step.op);
        }
        return new ElementWork(size, grain(size, cost), (from, to) -> run(program, inputs, outputs, from, to));
    }

    /// The elements to a part, in whole tiles.
    static int grain(int size, int cost) {
        int tiles = (size - 1) / Tiles.SIZE + 1;
        int worth = Math.max(GRAIN / cost / Tiles.SIZE, 1);
        return (int) Math.min(
                (long) Math.max(worth, (tiles + MOST_PARTS - 1) / MOST_PARTS) * Tiles.SIZE, Integer.MAX_VALUE);
    }

    /// Computes elements `from` … `to - 1`.
    private void run(Program program, List<Tensor> inputs, List<Tensor> outputs, int from, int to) {
        int size = outputs.getFirst().shape().size();
        int tile = Math.max(Math.min(to - from, Tiles.SIZE), TileProgram.SHORTEST);
        @Nullable Object[] registers = new Object[program.slots.size()];
        if (from == 0 && to == size && size <= tile) {
            useStorage(program, inputs, outputs, tile, registers);
        }
        @Nullable TileReader[] readers = new TileReader[inputs.size()];
        for (int i = 0; i < readers.length; i++) {
            Tensor input = inputs.get(i);
            readers[i] = registers[program.inputs[i]] == Storage.array(input) ? null : new TileReader(input);
        }
        TileProgram own = new TileProgram(instructions, program, size, tile, registers, readers);
        for (int start = from; start < to; start += tile) {
            int n = Math.min(tile, to - start);
            own.compute(start, n);
            for (int i = 0; i < outputs.size(); i++) {
                Tensor output = outputs.get(i);
                if (own.output(i) != Storage.array(output)) {
                    Conversions.narrow(output.dtype(), own.output(i), Storage.array(output), start, n);
                }
            }
        }
    }

    /// What a chain gives with its axes in another order, without storing it; each part of the work asks for its own.
    Supplier<TileSource> elements(FusedElementwise chain, List<Tensor> inputs, List<TensorSpec> specs, Ints order) {
        List<TileReader> readers = new ArrayList<>();
        for (Tensor input : inputs) {
            readers.add(new TileReader(input, Layout.of(input, order)));
        }
        int size = inputs.getFirst().shape().size();
        Program program = programs.of(chain, specs);
        return () -> TileProgram.results(instructions, program, size, readers);
    }

    /// Puts the arrays of operands and results in the place of registers, where elements lie from the array's start on, are stored as they are computed,
    /// and there is room for a whole tile.
    private static void useStorage(
            Program program, List<Tensor> inputs, List<Tensor> outputs, int tile, @Nullable Object[] registers) {
        for (int i = 0; i < program.inputs.length; i++) {
            if (isRegister(inputs.get(i), tile)) {
                registers[program.inputs[i]] = Storage.array(inputs.get(i));
            }
        }
        for (int i = 0; i < program.outputs.length; i++) {
            Tensor output = outputs.get(i);
            int slot = program.outputs[i];
            boolean free = registers[slot] == null && isRegister(output, tile);
            for (Tensor input : inputs) {
                // What is stored in place of an operand has to wait until the operand is not read any more.
                free &= Storage.array(input) != Storage.array(output);
            }
            if (free) {
                registers[slot] = Storage.array(output);
            }
        }
    }

    private static boolean isRegister(Tensor tensor, int tile) {
        return Domain.isDirect(tensor.dtype())
                && tensor.offset() == 0
                && tensor.isContiguous()
                && Array.getLength(Storage.array(tensor)) >= tile * Storage.width(tensor.dtype());
    }

    /// About how many additions an instruction takes the time of.
    static int cost(Primitive.Elementwise op) {
        return switch (op) {
            case Primitive.Unary(UnaryOp unary) -> unary.isCheap() ? 1 : 8;
            case Primitive.Binary(BinaryOp binary) -> binary.isCheap() ? 1 : 8;
            case Primitive.Constant _, Primitive.Select _, Primitive.Cast _ -> 1;
        };
    }
}
