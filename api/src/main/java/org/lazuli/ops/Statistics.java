package org.lazuli.ops;

import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Medians, counts and differences.
public final class Statistics {
    private Statistics() {}

    /// The middle of the sorted elements, or the mean of the two in the middle.
    public static Array median(Array x, Axes axes) {
        int[] reduced = axes.resolve(x.shape(), "median");
        Array values = Elementwise.cast(x, Elementwise.inexact(x.dtype()));
        int count = (int) Reductions.count(x, axes, "median");
        if (count == 0) {
            throw new IllegalArgumentException("median: no elements along " + axes + " of shape " + x.shape());
        }
        int[] order = new int[x.ndim()];
        int[] kept = x.shape().toArray();
        int next = 0;
        for (int axis = 0; axis < order.length; axis++) {
            if (Arrays.binarySearch(reduced, axis) < 0) {
                order[next++] = axis;
            } else {
                kept[axis] = 1;
            }
        }
        System.arraycopy(reduced, 0, order, next, reduced.length);
        Array moved = values.transpose(order);
        Shape outer = moved.shape().slice(0, next);
        Array sorted = moved.reshape(outer.concat(Shape.of(count))).sort(-1);
        Array upper = sorted.get(Index.rest(), Index.at(count / 2));
        Array middle = count % 2 == 1
                ? upper
                : sorted.get(Index.rest(), Index.at(count / 2 - 1)).add(upper).mul(0.5);
        // NaN is sorted last, and the median of what holds one is NaN.
        Array last = sorted.get(Index.rest(), Index.at(-1));
        Array result = Ops.where(last.isnan(), last, middle);
        return axes.keepsDims() ? result.reshape(Shape.of(kept)) : result;
    }

    /// How many elements are not 0, as `int32`.
    public static Array countNonzero(Array x, Axes axes) {
        return Reductions.sum(x.ne(0).astype(DType.INT32), axes);
    }

    /// The `n`-th differences of neighbours along an axis; of booleans, whether neighbours differ.
    public static Array diff(Array x, int n, int axis) {
        if (n < 0) {
            throw new IllegalArgumentException("diff: the order must not be negative: " + n);
        }
        int at = x.shape().axis(axis, "diff");
        Array result = x;
        for (int i = 0; i < n && result.dim(at) > 0; i++) {
            Array upper = Shapes.slice(result, at, 1, result.dim(at));
            Array lower = Shapes.slice(result, at, 0, result.dim(at) - 1);
            result = x.dtype() == DType.BOOL ? upper.ne(lower) : upper.sub(lower);
        }
        return result;
    }
}
