package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Turns the structure of a graph into a [Plan]: drops what only transformations need, computes equal instructions once, fuses elementwise ones and
/// finds the last use of every value.
final class Planner {
    private final Structure structure;
    private final int leaves;
    private final int total;

    /// For each position, the position that has its value: itself, or an equal or aliased one.
    private final int[] canonical;

    /// How often each position's value is read by instructions that run.
    private final int[] reads;

    /// What becomes of each position's value, under its own name or another.
    private final Structure.Keep[] kept;

    /// For each tuple that an instruction computes, where its members are: the positions of their elements, and slots past all positions for
    /// members that nobody reads.
    private final Map<Integer, int[]> members = new HashMap<>();

    private int slots;

    private Planner(Structure structure) {
        this.structure = structure;
        this.leaves = structure.leaves.size();
        this.total = leaves + structure.instructions.size();
        this.canonical = new int[total];
        this.reads = new int[total];
        this.kept = new Structure.Keep[total];
        Arrays.fill(kept, Structure.Keep.NO);
        this.slots = total;
    }

    static Plan plan(Structure structure) {
        return new Planner(structure).plan();
    }

    private Plan plan() {
        resolveAliases();
        countReads();
        Fuser fuser = new Fuser(this);
        List<Plan.Step> steps = new ArrayList<>();
        for (int position = leaves; position < total; position++) {
            if (isNeeded(position) && !fuser.isAbsorbed(position) && !isMember(position)) {
                steps.add(fuser.step(position));
            }
        }
        int[] results = new int[total - leaves];
        int next = 0;
        for (int position = leaves; position < total; position++) {
            if (instruction(position).kept() != Structure.Keep.NO) {
                results[next++] = canonical[position];
            }
        }
        steps = needed(steps);
        if (!isPlaced()) {
            steps = Independent.together(steps);
        }
        return new Plan(leaves, slots, withLastUses(steps), Arrays.copyOf(results, next), placements());
    }

    /// Where each position is computed, or null if everything is on the backend that evaluates.
    private @Nullable Placement @Nullable [] placements() {
        if (!isPlaced()) {
            return null;
        }
        @Nullable Placement[] placements = new Placement[total];
        for (int position = leaves; position < total; position++) {
            placements[position] = instruction(position).placement();
        }
        return placements;
    }

    private boolean isPlaced() {
        for (Structure.Instruction instruction : structure.instructions) {
            if (instruction.placement() != null) {
                return true;
            }
        }
        return false;
    }

    Structure.Instruction instruction(int position) {
        return structure.instructions.get(position - leaves);
    }

    /// True if a tuple's step computes this position.
    private boolean isMember(int position) {
        return instruction(position).primitive() instanceof Primitive.Element;
    }

    /// The slots that an instruction's results go to.
    int[] outputs(int position) {
        int[] outputs = members.get(position);
        if (outputs == null) {
            return new int[] {position};
        }
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i] < 0) {
                outputs[i] = slots++;
            }
        }
        return outputs;
    }

    /// What the plan is for.
    OpenBackend backend() {
        return structure.backend;
    }

    boolean isLeaf(int position) {
        return position < leaves;
    }

    int total() {
        return total;
    }

    TensorSpec spec(int position) {
        return isLeaf(position)
                ? structure.leaves.get(position)
                : instruction(position).specs().get(0);
    }

    /// The operands' canonical positions.
    int[] operands(int position) {
        int[] operands = instruction(position).inputs().clone();
        for (int i = 0; i < operands.length; i++) {
            operands[i] = canonical[operands[i]];
        }
        return operands;
    }

    int reads(int position) {
        return reads[position];
    }

    /// True if the value was asked for, so that it has to be stored.
    boolean isWanted(int position) {
        return kept[position] == Structure.Keep.YES;
    }

    /// True if somebody may hold an array of the value.
    boolean isKept(int position) {
        return kept[position] != Structure.Keep.NO;
    }

    boolean isNeeded(int position) {
        return isKept(position) || reads[position] > 0;
    }

    private record Expression(
            Primitive primitive, Ints operands, @Nullable Placement placement) {}

    private void resolveAliases() {
        Map<Expression, Integer> seen = new HashMap<>();
        for (int position = 0; position < total; position++) {
            canonical[position] = position;
            if (!isLeaf(position)) {
                canonical[position] = canonicalOf(position, seen);
            }
        }
    }

    private int canonicalOf(int position, Map<Expression, Integer> seen) {
        int[] operands = operands(position);
        Primitive primitive = instruction(position).primitive();
        return switch (primitive) {
            case Primitive.StopGradient _ -> operands[0];
            // With further operands it marks a recomputation, which must not be recognised as what it recomputes.
            case Primitive.Depends _ when operands.length == 1 -> operands[0];
            case Primitive.Element element ->
                member(position, instruction(position).inputs()[0], element.index());
            case Primitive.Custom _ -> position;
            case Primitive.Transpose outer when inverts(outer, operands[0]) -> operands(operands[0])[0];
            default -> {
                Integer equal = seen.putIfAbsent(
                        new Expression(
                                primitive,
                                Ints.of(operands),
                                instruction(position).placement()),
                        position);
                yield equal == null ? position : equal;
            }
        };
    }

    /// True if a transposition puts back the axes that another one, at `position`, moved.
    private boolean inverts(Primitive.Transpose outer, int position) {
        if (isLeaf(position) || !(instruction(position).primitive() instanceof Primitive.Transpose inner)) {
            return false;
        }
        for (int axis = 0; axis < outer.axes().size(); axis++) {
            if (inner.axes().get(outer.axes().get(axis)) != axis) {
                return false;
            }
        }
        return true;
    }

    /// The canonical position of a member of a tuple: what the function gave, or the first element that names it.
    private int member(int position, int tuple, int index) {
        Structure.Instruction from = instruction(tuple);
        if (from.primitive() instanceof Primitive.Custom custom) {
            return canonical[from.inputs()[custom.arguments() + index]];
        }
        int[] found = members.computeIfAbsent(
                canonical[tuple], t -> Ints.fill(from.specs().size(), -1).toArray());
        if (found[index] < 0) {
            found[index] = position;
        }
        return found[index];
    }

    private void countReads() {
        for (int position = leaves; position < total; position++) {
            Structure.Keep own = instruction(position).kept();
            if (own.compareTo(kept[canonical[position]]) > 0) {
                kept[canonical[position]] = own;
            }
        }
        for (int position = total - 1; position >= leaves; position--) {
            if (isNeeded(position)) {
                for (int operand : operands(position)) {
                    reads[operand]++;
                }
            }
        }
    }

    /// Drops the steps whose results nobody reads any more: constants that went into a fused kernel.
    private List<Plan.Step> needed(List<Plan.Step> steps) {
        boolean[] wanted = new boolean[slots];
        for (int position = 0; position < total; position++) {
            wanted[position] = isKept(position);
        }
        List<Plan.Step> result = new ArrayList<>();
        for (Plan.Step step : steps.reversed()) {
            boolean read = false;
            for (int slot : step.outputs()) {
                read |= wanted[slot];
            }
            if (read) {
                result.add(step);
                for (int slot : step.inputs()) {
                    wanted[slot] = true;
                }
            }
        }
        return result.reversed();
    }

    private List<Plan.Step> withLastUses(List<Plan.Step> steps) {
        boolean[] usedLater = new boolean[slots];
        List<Plan.Step> result = new ArrayList<>(steps);
        for (int i = steps.size() - 1; i >= 0; i--) {
            Plan.Step step = steps.get(i);
            int[] touched = new int[step.inputs().length + step.outputs().length];
            int count = firstUses(step.inputs(), usedLater, touched, 0);
            count = firstUses(step.outputs(), usedLater, touched, count);
            touched = Arrays.copyOf(touched, count);
            result.set(
                    i,
                    switch (step) {
                        case Plan.Run run -> run.withLastUses(touched);
                        case Plan.Together together -> Independent.withLastUses(together, touched);
                        case Plan.Look look ->
                            new Plan.Look(look.view(), look.inputs(), look.outputs(), look.spec(), touched);
                    });
        }
        return result;
    }

    /// Adds the slots that were not used before to `found`, once each, and returns how many are there.
    private static int firstUses(int[] slots, boolean[] used, int[] found, int count) {
        int next = count;
        for (int slot : slots) {
            if (!used[slot]) {
                used[slot] = true;
                found[next++] = slot;
            }
        }
        return next;
    }
}
