package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Side;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;

/// Sorting.
public final class Sorting {
    private Sorting() {}

    public static Array sort(Array x, int axis) {
        return Graph.apply(new Primitive.Sort(x.shape().axis(axis, "sort")), x);
    }

    public static Array argsort(Array x, int axis) {
        return Graph.apply(new Primitive.ArgSort(x.shape().axis(axis, "argsort")), x);
    }

    /// Checks a position along an axis; a negative one counts from the end.
    private static void checkPosition(Array x, int kth, int axis, String name) {
        int size = x.dim(axis);
        if (kth < -size || kth >= size) {
            throw new IllegalArgumentException(name + ": position " + kth + " is out of bounds for axis " + axis
                    + " of shape " + x.shape() + " with " + size + " elements");
        }
    }

    /// What is smaller than the element that belongs at `kth` before it, and what is larger after it.
    public static Array partition(Array x, int kth, int axis) {
        checkPosition(x, kth, axis, "partition");
        return sort(x, axis);
    }

    public static Array argpartition(Array x, int kth, int axis) {
        checkPosition(x, kth, axis, "argpartition");
        return argsort(x, axis);
    }

    /// The `k` largest elements along an axis, ascending.
    public static Array topk(Array x, int k, int axis) {
        int at = x.shape().axis(axis, "topk");
        if (k < 0 || k > x.dim(at)) {
            throw new IllegalArgumentException(
                    "topk: " + k + " elements of axis " + axis + " of shape " + x.shape() + ", which has " + x.dim(at));
        }
        return Shapes.slice(sort(x, at), at, x.dim(at) - k, x.dim(at));
    }

    /// How many elements of the sorted vector come before each value: a binary search for all of them at once.
    public static Array searchsorted(Array sorted, Array values, Side side) {
        if (sorted.ndim() != 1) {
            throw new IllegalArgumentException("searchsorted: needs a sorted vector, got shape " + sorted.shape());
        }
        DType dtype = DType.promote(sorted.dtype(), values.dtype());
        Array list = Elementwise.cast(sorted, dtype);
        Array wanted = Elementwise.cast(values, dtype);
        int size = sorted.dim(0);
        Array count = Ops.zeros(values.shape(), DType.INT32);
        if (size == 0) {
            return count.astype(DType.UINT32);
        }
        for (int step = Integer.highestOneBit(size); step > 0; step /= 2) {
            Array candidate = count.add(step);
            Array last = list.take(Ops.minimum(candidate, size).sub(1));
            Array before = side == Side.LEFT
                    ? precedes(last, wanted)
                    : precedes(wanted, last).logicalNot();
            count = Ops.where(before.logicalAnd(candidate.le(size)), candidate, count);
        }
        return count.astype(DType.UINT32);
    }

    /// Whether `a` is sorted before `b`: NaN comes last.
    private static Array precedes(Array a, Array b) {
        Array less = a.lt(b);
        return a.dtype().isInexact()
                ? less.logicalOr(b.isnan().logicalAnd(a.isnan().logicalNot()))
                : less;
    }
}
