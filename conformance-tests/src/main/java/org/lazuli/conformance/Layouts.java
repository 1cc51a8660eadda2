package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Ints;

/// Lays tensors out in other ways than row-major.
enum Layouts {
    /// Somewhere in a larger buffer.
    OFFSET,
    /// The axes in another order.
    TRANSPOSED,
    /// Every second element, or third.
    STEPPED,
    /// Backwards along some axes.
    REVERSED,
    /// One element for all along an axis.
    BROADCAST,
    /// All of these at once.
    MIXED;

    /// The operands in this layout: the same elements, except that those along an axis that is broadcast become equal. Operands of one shape are
    /// broadcast alike, so that their elements stay in each other's company.
    List<HostTensor> apply(List<HostTensor> operands, Choices choices) {
        long seed = choices.seed();
        List<HostTensor> result = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            HostTensor operand = operands.get(i);
            Random alike = new Random(seed * 31 + operand.shape().hashCode());
            result.add(apply(operand, new Random(seed * 31 + i), alike));
        }
        return result;
    }

    private HostTensor apply(HostTensor operand, Random random, Random alike) {
        int rank = operand.shape().rank();
        int[] order = identity(rank);
        int[] steps = new int[rank];
        Arrays.fill(steps, 1);
        boolean[] repeated = new boolean[rank];
        int before = this == OFFSET || this == MIXED ? 1 + random.nextInt(5) : 0;
        int after = this == OFFSET || this == MIXED ? random.nextInt(5) : 0;
        for (int axis = 0; axis < rank; axis++) {
            boolean chosen = axis == rank - 1 || random.nextBoolean();
            if (chosen && (this == STEPPED || (this == MIXED && random.nextBoolean()))) {
                steps[axis] = 2 + random.nextInt(2);
            }
            if (chosen && (this == REVERSED || (this == MIXED && random.nextBoolean()))) {
                steps[axis] = -steps[axis];
            }
        }
        if (this == TRANSPOSED || (this == MIXED && random.nextBoolean())) {
            shuffle(order, random);
        }
        if (rank > 0 && (this == BROADCAST || (this == MIXED && alike.nextBoolean()))) {
            repeated[alike.nextInt(rank)] = true;
        }
        return lay(operand, order, steps, repeated, before, after, random);
    }

    private static int[] identity(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int at = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[at];
            order[at] = moved;
        }
        if (order.length > 1 && Arrays.equals(order, identity(order.length))) {
            order[0] = order.length - 1;
            order[order.length - 1] = 0;
        }
    }

    /// @param order the axes as they lie in memory, the slowest first
    private static HostTensor lay(
            HostTensor operand, int[] order, int[] steps, boolean[] repeated, int before, int after, Random random) {
        Shape shape = operand.shape();
        int[] strides = new int[shape.rank()];
        int stride = 1;
        int offset = before;
        for (int i = order.length - 1; i >= 0; i--) {
            int axis = order[i];
            int dim = shape.dim(axis);
            if (repeated[axis]) {
                continue;
            }
            strides[axis] = stride * steps[axis];
            int extent = Math.max(dim, 1) * Math.abs(steps[axis]);
            if (steps[axis] < 0) {
                offset += stride * -steps[axis] * (Math.max(dim, 1) - 1);
            }
            stride *= extent;
        }
        int capacity = before + stride + after;
        byte[] filler = new byte[capacity * operand.dtype().bytes()];
        random.nextBytes(filler);
        if (operand.dtype() == DType.BOOL) {
            for (int i = 0; i < filler.length; i++) {
                filler[i] &= 1;
            }
        }
        HostTensor result = new HostTensor(operand.spec(), Ints.of(strides), offset, filler);
        // The first of equal places last, so that it is the one that stays.
        for (int i = operand.size() - 1; i >= 0; i--) {
            result.put(result.place(i), operand.bits(i));
        }
        return result;
    }
}
