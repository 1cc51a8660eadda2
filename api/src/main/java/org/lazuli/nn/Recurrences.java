package org.lazuli.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.CustomFunction;

/// What the recurrent layers share.
final class Recurrences {
    /// The parts of axis -2. The gradient of one part has the size of the whole, so those of all parts one by one would cost the square of
    /// their number; together they are one stack.
    private static final CustomFunction UNSTACK = Transforms.customFunction(
                    x -> x.getFirst().unstack(-2))
            .withVjp((primals, cotangents, outputs) -> List.of(Ops.stack(cotangents, -2)));

    private Recurrences() {}

    /// Evenly distributed within `1 / sqrt(hiddenSize)` of 0.
    static Array weights(Shape shape, int hiddenSize) {
        return Weights.within(1 / Math.sqrt(hiddenSize), shape);
    }

    /// What every step gets from the input, in one product for all steps.
    static Array project(String layer, Array x, Array weight, @Nullable Array bias) {
        if (x.ndim() < 2 || x.dim(-1) != weight.dim(1)) {
            throw new IllegalArgumentException(layer + ": the input must have shape (…,L," + weight.dim(1)
                    + "), a sequence of vectors of size " + weight.dim(1) + ", but its shape is " + x.shape());
        }
        if (x.dim(-2) == 0) {
            throw new IllegalArgumentException(
                    layer + ": the sequence, axis -2 of shape " + x.shape() + ", is empty: give at least one step");
        }
        Array transposed = weight.transpose();
        return bias == null ? x.matmul(transposed) : Ops.addmm(bias, x, transposed);
    }

    /// Checks that a state to begin with fits the input.
    static void checkState(String layer, String name, @Nullable Array state, Array x, int hiddenSize) {
        Shape wanted = x.shape().slice(0, x.ndim() - 2).concat(Shape.of(hiddenSize));
        if (state != null && !state.shape().equals(wanted)) {
            throw new IllegalArgumentException(layer + ": for an input of shape " + x.shape() + " the " + name
                    + " to begin with has shape " + wanted + ", not " + state.shape());
        }
    }

    /// The L steps, of shape `(…,D)`, of a sequence of shape `(…,L,D)`.
    static List<Array> steps(Array x) {
        return UNSTACK.apply(List.of(x));
    }

    /// The last axis in equal parts, one for each gate.
    static List<Array> gates(Array x, int count) {
        return UNSTACK.apply(List.of(x.unflatten(-1, count, -1)));
    }

    /// The sequence of shape `(…,L,D)` of L steps of shape `(…,D)`.
    static Array sequence(List<Array> steps) {
        return Ops.stack(steps, -2);
    }
}
