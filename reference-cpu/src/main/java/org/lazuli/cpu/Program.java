package org.lazuli.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// A chain of elementwise instructions made ready to run tile by tile: each register of the kernel is given a slot, and
/// a slot is used again once the last reader of its register has run, so that even a long chain works in a few tiles
/// that stay in the cache.
final class Program {
    /// One instruction with its operands and its result as numbers of slots.
    static final class Step {
        final Primitive.Elementwise op;
        final int[] operands;
        final DType[] types;
        final int result;
        final DType dtype;

        private Step(Primitive.Elementwise op, int[] operands, DType[] types, int result, DType dtype) {
            this.op = op;
            this.operands = operands;
            this.types = types;
            this.result = result;
            this.dtype = dtype;
        }
    }

    final List<Step> steps = new ArrayList<>();

    /// Constants: their slots are filled once, before the first tile.
    final List<Step> constants = new ArrayList<>();

    /// The domain of each slot.
    final List<Domain> slots = new ArrayList<>();

    /// The slots of the inputs, and of the results that are stored.
    final int[] inputs;

    final int[] outputs;

    /// What is known of the chain as a loop of its own, or null if it can be none.
    final FusedLoops.@Nullable Use loop;

    static Program of(Primitive.Elementwise op, List<TensorSpec> inputs, DType dtype) {
        FusedElementwise.Instruction only = new FusedElementwise.Instruction(op, Ints.range(0, inputs.size()), dtype);
        return new Program(new FusedElementwise(inputs.size(), List.of(only), Ints.of(inputs.size())), inputs, null);
    }

    Program(FusedElementwise kernel, List<TensorSpec> inputSpecs, FusedLoops.@Nullable Use loop) {
        this.loop = loop;
        int registers = kernel.inputs() + kernel.instructions().size();
        int[] lastUse = new int[registers];
        for (int i = 0; i < kernel.instructions().size(); i++) {
            Ints operands = kernel.instructions().get(i).operands();
            for (int j = 0; j < operands.size(); j++) {
                lastUse[operands.get(j)] = i;
            }
        }
        for (int i = 0; i < kernel.outputs().size(); i++) {
            lastUse[kernel.outputs().get(i)] = Integer.MAX_VALUE;
        }

        int[] slot = new int[registers];
        DType[] types = new DType[registers];
        for (int i = 0; i < kernel.inputs(); i++) {
            types[i] = inputSpecs.get(i).dtype();
            slot[i] = newSlot(types[i]);
            // Inputs that are the same for every tile are read once, so their slots are not for others.
            lastUse[i] = Integer.MAX_VALUE;
        }
        List<ArrayDeque<Integer>> free = new ArrayList<>();
        for (Domain _ : Domain.values()) {
            free.add(new ArrayDeque<>());
        }
        for (int i = 0; i < kernel.instructions().size(); i++) {
            FusedElementwise.Instruction instruction = kernel.instructions().get(i);
            int register = kernel.inputs() + i;
            DType dtype = instruction.dtype();
            types[register] = dtype;
            int count = instruction.operands().size();
            int[] operands = new int[count];
            DType[] operandTypes = new DType[count];
            for (int j = 0; j < count; j++) {
                operands[j] = slot[instruction.operands().get(j)];
                operandTypes[j] = types[instruction.operands().get(j)];
            }
            if (instruction.op() instanceof Primitive.Constant) {
                slot[register] = newSlot(dtype);
                lastUse[register] = Integer.MAX_VALUE;
                constants.add(new Step(instruction.op(), operands, operandTypes, slot[register], dtype));
                continue;
            }
            // A result may take the place of an operand of its own domain: kernels read an element before they write
            // it.
            Domain domain = Domain.of(dtype);
            for (int j = 0; j < count; j++) {
                int operand = instruction.operands().get(j);
                if (lastUse[operand] == i && instruction.operands().indexOf(operand) == j) {
                    free.get(slots.get(slot[operand]).ordinal()).push(slot[operand]);
                }
            }
            Integer reused = free.get(domain.ordinal()).poll();
            slot[register] = reused != null ? reused : newSlot(dtype);
            steps.add(new Step(instruction.op(), operands, operandTypes, slot[register], dtype));
        }
        inputs = java.util.Arrays.copyOf(slot, kernel.inputs());
        outputs = new int[kernel.outputs().size()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = slot[kernel.outputs().get(i)];
        }
    }

    private int newSlot(DType dtype) {
        slots.add(Domain.of(dtype));
        return slots.size() - 1;
    }
}
