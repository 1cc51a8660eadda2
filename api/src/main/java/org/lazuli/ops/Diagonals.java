package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Diagonals of matrices.
public final class Diagonals {
    private Diagonals() {}

    /// The elements whose positions along two axes differ by `offset`, as a last axis in the place of the two.
    public static Array diagonal(Array x, int offset, int axis1, int axis2) {
        if (x.ndim() < 2) {
            throw new IllegalArgumentException("diagonal: needs at least two axes, got shape " + x.shape());
        }
        int first = x.shape().axis(axis1, "diagonal");
        int second = x.shape().axis(axis2, "diagonal");
        if (first == second) {
            throw new IllegalArgumentException(
                    "diagonal: axes " + axis1 + " and " + axis2 + " of shape " + x.shape() + " are the same");
        }
        int[] order = new int[x.ndim()];
        order[0] = first;
        order[1] = second;
        for (int axis = 0, next = 2; axis < order.length; axis++) {
            if (axis != first && axis != second) {
                order[next++] = axis;
            }
        }
        int row = Math.max(-offset, 0);
        int column = Math.max(offset, 0);
        int size = Math.max(Math.min(x.dim(first) - row, x.dim(second) - column), 0);
        Array elements = x.transpose(order)
                .get(
                        Index.take(Ops.arange(size).add(row)),
                        Index.take(Ops.arange(size).add(column)));
        return elements.moveaxis(0, -1);
    }

    /// The `k`-th diagonal of a matrix; of a vector, the matrix that has it on its `k`-th diagonal and 0 elsewhere.
    public static Array diag(Array x, int k) {
        if (x.ndim() == 2) {
            return diagonal(x, k, 0, 1);
        }
        if (x.ndim() != 1) {
            throw new IllegalArgumentException("diag: needs a vector or a matrix, got shape " + x.shape());
        }
        int size = x.dim(0) + Math.abs(k);
        Array position = Ops.arange(x.dim(0));
        return Ops.zeros(Shape.of(size, size), x.dtype())
                .at(Index.take(position.add(Math.max(-k, 0))), Index.take(position.add(Math.max(k, 0))))
                .set(x);
    }
}
