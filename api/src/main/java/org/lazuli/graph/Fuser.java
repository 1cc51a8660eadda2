package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Groups elementwise instructions of one shape into fused kernels.
///
/// Starting from the end, each instruction that is in no group yet becomes the root of one and takes in those of its operands, and theirs, that nobody
/// outside the group reads. A value that was asked for may be inside: the kernel stores it as one more output. A reduction takes in the group that gives its
/// operand, if nobody else wants that and the backend has a kernel for both.
final class Fuser {
    /// Bounds on one kernel: what a backend can be expected to hold in registers.
    private static final int MAX_INSTRUCTIONS = 48;

    private static final int MAX_INPUTS = 16;

    private final Planner planner;

    /// The root of the group that a position belongs to; -1 for none.
    private final int[] rootOf;

    /// How many instructions inside its group read a position's value.
    private final int[] insideReads;

    private final Map<Integer, List<Integer>> members = new HashMap<>();

    /// The kernels of reductions that took in a group, and what they read.
    private final Map<Integer, Plan.Run> reductions = new HashMap<>();

    /// The constant that each position holds, possibly broadcast.
    private final Primitive.@Nullable Constant[] constants;

    Fuser(Planner planner) {
        this.planner = planner;
        this.rootOf = new int[planner.total()];
        this.insideReads = new int[planner.total()];
        this.constants = new Primitive.Constant[planner.total()];
        Arrays.fill(rootOf, -1);
        for (int position = 0; position < planner.total(); position++) {
            constants[position] = planner.isLeaf(position) ? null : constantAt(position);
        }
        for (int position = planner.total() - 1; position >= 0; position--) {
            if (isFusible(position) && rootOf[position] < 0) {
                grow(position);
            }
        }
        for (int position = 0; position < planner.total(); position++) {
            if (!planner.isLeaf(position) && planner.isNeeded(position)) {
                takeIn(position);
            }
        }
    }

    /// True if a position is computed inside another one's kernel.
    boolean isAbsorbed(int position) {
        return rootOf[position] >= 0 && rootOf[position] != position;
    }

    /// The step that computes a position, and with it what is fused into it.
    Plan.Step step(int position) {
        Plan.Run reduction = reductions.get(position);
        if (reduction != null) {
            return reduction;
        }
        Primitive primitive = planner.instruction(position).primitive();
        TensorSpec spec = planner.spec(position);
        List<Integer> group = members.get(position);
        if (group != null) {
            Plan.Step fused = fused(position, group);
            if (fused != null) {
                return fused;
            }
        }
        int[] inputs = planner.operands(position);
        int[] outputs = planner.outputs(position);
        return switch (primitive) {
            case Primitive.Fallback(Accelerated kernel, int _) ->
                new Plan.Run(kernel, inputs, outputs, List.of(spec), false, new int[0]);
            case Primitive.FallbackTuple(Accelerated kernel, int _) ->
                new Plan.Run(
                        kernel, inputs, outputs, planner.instruction(position).specs(), false, new int[0]);
            case Primitive.View view -> new Plan.Look(view, inputs, outputs, spec, new int[0]);
            case Primitive.Several several ->
                new Plan.Run(
                        several, inputs, outputs, planner.instruction(position).specs(), false, new int[0]);
            case Primitive.Compute compute ->
                new Plan.Run(
                        compute, inputs, outputs, List.of(spec), compute instanceof Primitive.Elementwise, new int[0]);
        };
    }

    private boolean isFusible(int position) {
        return !planner.isLeaf(position)
                && planner.isNeeded(position)
                && planner.instruction(position).primitive() instanceof Primitive.Elementwise elementwise
                && !(elementwise instanceof Primitive.Constant);
    }

    private boolean isSamePlace(int position, int other) {
        return Objects.equals(
                planner.instruction(position).placement(),
                planner.instruction(other).placement());
    }

    private void grow(int root) {
        List<Integer> group = new ArrayList<>();
        Set<Integer> inputs = new HashSet<>();
        // Later positions first: when one comes up, all its readers have been decided.
        PriorityQueue<Integer> candidates = new PriorityQueue<>((a, b) -> b - a);
        join(root, root, group, candidates);
        while (!candidates.isEmpty()) {
            int candidate = candidates.poll();
            while (!candidates.isEmpty() && candidates.peek() == candidate) {
                candidates.poll();
            }
            boolean fits = isFusible(candidate)
                    && rootOf[candidate] < 0
                    && planner.spec(candidate).shape().equals(planner.spec(root).shape())
                    && isSamePlace(candidate, root)
                    && insideReads[candidate] == planner.reads(candidate)
                    && group.size() < MAX_INSTRUCTIONS
                    && inputs.size() + candidates.size() < MAX_INPUTS;
            if (fits) {
                join(candidate, root, group, candidates);
            } else {
                inputs.add(candidate);
            }
        }
        group.sort(null);
        members.put(root, group);
        for (int input : inputs) {
            insideReads[input] = 0;
        }
    }

    private void join(int position, int root, List<Integer> group, PriorityQueue<Integer> candidates) {
        rootOf[position] = root;
        group.add(position);
        for (int operand : planner.operands(position)) {
            if (constants[operand] == null) {
                insideReads[operand]++;
                candidates.add(operand);
            }
        }
    }

    private Primitive.@Nullable Constant constantAt(int position) {
        return switch (planner.instruction(position).primitive()) {
            case Primitive.Constant constant -> constant;
            case Primitive.Broadcast _, Primitive.Reshape _ -> constants[planner.operands(position)[0]];
            default -> null;
        };
    }

    /// Makes a position, if it is a reduction of what a group gives, part of one kernel with that.
    private void takeIn(int position) {
        if (!(planner.instruction(position).primitive() instanceof Primitive.Reduce reduce)) {
            return;
        }
        int operand = planner.operands(position)[0];
        List<Integer> group = members.get(operand);
        if (group == null
                || planner.reads(operand) > 1
                || planner.instruction(position).placement() != null
                || planner.instruction(operand).placement() != null
                || isAnyStored(group)) {
            return;
        }
        Chain chain = chain(operand, group);
        FusedReduction kernel = new FusedReduction(chain.kernel, reduce);
        List<TensorSpec> specs = specs(chain.inputs);
        if (!specs.isEmpty() && planner.backend().supports(kernel, specs)) {
            rootOf[operand] = position;
            reductions.put(
                    position,
                    new Plan.Run(
                            kernel,
                            positions(chain.inputs),
                            planner.outputs(position),
                            List.of(planner.spec(position)),
                            false,
                            new int[0]));
        }
    }

    /// The kernel for a group, or null if it is a single instruction on stored operands.
    private Plan.@Nullable Step fused(int root, List<Integer> group) {
        Chain chain = chain(root, group);
        if (chain.kernel.instructions().size() == 1) {
            return null;
        }
        return new Plan.Run(
                chain.kernel, positions(chain.inputs), positions(chain.stored), specs(chain.stored), true, new int[0]);
    }

    private static int[] positions(List<Integer> positions) {
        int[] result = new int[positions.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = positions.get(i);
        }
        return result;
    }

    private List<TensorSpec> specs(List<Integer> positions) {
        List<TensorSpec> specs = new ArrayList<>(positions.size());
        for (int position : positions) {
            specs.add(planner.spec(position));
        }
        return List.copyOf(specs);
    }

    /// A group as a kernel.
    ///
    /// @param inputs the positions that it reads
    /// @param stored the positions of its outputs
    private record Chain(FusedElementwise kernel, List<Integer> inputs, List<Integer> stored) {}

    private Chain chain(int root, List<Integer> group) {
        List<Integer> inputs = new ArrayList<>();
        Set<Integer> inside = new HashSet<>(group);
        for (int member : group) {
            for (int operand : planner.operands(member)) {
                if (constants[operand] == null && !inside.contains(operand) && !inputs.contains(operand)) {
                    inputs.add(operand);
                }
            }
        }
        Registers registers = new Registers();
        List<FusedElementwise.Instruction> instructions = new ArrayList<>();
        inputs.forEach(registers::add);
        for (int member : group) {
            int[] operands = planner.operands(member);
            int[] read = new int[operands.length];
            for (int i = 0; i < operands.length; i++) {
                Primitive.Constant constant = constants[operands[i]];
                if (constant != null && !registers.contains(constant)) {
                    instructions.add(new FusedElementwise.Instruction(constant, Ints.of(), constant.dtype()));
                    registers.add(constant);
                }
                read[i] = registers.of(constant != null ? constant : operands[i]);
            }
            Primitive.Elementwise op =
                    (Primitive.Elementwise) planner.instruction(member).primitive();
            instructions.add(new FusedElementwise.Instruction(
                    op, Ints.of(read), planner.spec(member).dtype()));
            registers.add(member);
        }
        List<Integer> stored = new ArrayList<>();
        int[] outputs = new int[group.size()];
        for (int member : group) {
            if (member == root || isStored(member)) {
                outputs[stored.size()] = registers.of(member);
                stored.add(member);
            }
        }
        outputs = Arrays.copyOf(outputs, stored.size());
        return new Chain(new FusedElementwise(inputs.size(), instructions, Ints.of(outputs)), inputs, stored);
    }

    private boolean isAnyStored(List<Integer> group) {
        for (int member : group) {
            if (isStored(member)) {
                return true;
            }
        }
        return false;
    }

    /// True if a value inside a kernel is stored: it was asked for, or may be, and would cost more to compute again.
    private boolean isStored(int member) {
        boolean cheap =
                switch ((Primitive.Elementwise) planner.instruction(member).primitive()) {
                    case Primitive.Unary(Primitive.UnaryOp op) -> op.isCheap();
                    case Primitive.Binary(Primitive.BinaryOp op) -> op.isCheap();
                    case Primitive.Constant _, Primitive.Select _, Primitive.Cast _ -> true;
                };
        return planner.isWanted(member) || (planner.isKept(member) && !cheap);
    }

    /// Numbers the values of a kernel, positions and constants, in the order in which they come to be.
    private static final class Registers {
        private final List<Object> values = new ArrayList<>();

        void add(Object value) {
            values.add(value);
        }

        boolean contains(Object value) {
            return values.contains(value);
        }

        int of(Object value) {
            return values.indexOf(value);
        }
    }
}
