package org.lazuli.ops;

import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Update;

/// Slices that begin where an array says, so that one compiled function serves every position.
public final class MovingSlices {
    private MovingSlices() {}

    /// The `sizes` elements from `start` along `axes`, and from 0 along the others.
    public static Array slice(Array x, Array start, int[] axes, Shape sizes) {
        return x.get(index(x, start, axes, sizes, "slice"));
    }

    /// With `update` written over the elements from `start` along `axes`, and from 0 along the others.
    public static Array update(Array x, Array update, Array start, int[] axes) {
        Update at = x.at(index(x, start, axes, update.shape(), "sliceUpdate"));
        return at.set(update);
    }

    private static Index[] index(Array x, Array start, int[] axes, Shape sizes, String name) {
        if (sizes.rank() != x.ndim() || start.size() != axes.length || start.ndim() > 1) {
            throw new IllegalArgumentException(name + ": a start of shape " + start.shape() + " for axes "
                    + Arrays.toString(axes) + " and sizes " + sizes + " does not fit shape " + x.shape());
        }
        Array starts = start.reshape(axes.length);
        Index[] result = new Index[x.ndim()];
        for (int axis = 0; axis < result.length; axis++) {
            int[] along = new int[result.length];
            Arrays.fill(along, 1);
            along[axis] = sizes.dim(axis);
            Array position = Ops.arange(sizes.dim(axis));
            for (int i = 0; i < axes.length; i++) {
                if (x.shape().axis(axes[i], name) == axis) {
                    position = position.add(starts.get(Index.at(i)));
                }
            }
            result[axis] = Index.take(position.reshape(along));
        }
        return result;
    }
}
