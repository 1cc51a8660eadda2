package org.lazuli;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which axes a reduction runs over, and whether they stay.
///
/// ```java
/// x.sum(Axes.of(1).keepDims())   // shape (2,3) -> (2,1)
/// x.sum(Axes.all())              // -> ()
/// ```
public final class Axes {
    private static final Axes ALL = new Axes(null, false);

    private final int @Nullable [] axes;
    private final boolean keepDims;

    private Axes(int @Nullable [] axes, boolean keepDims) {
        this.axes = axes;
        this.keepDims = keepDims;
    }

    /// These axes; a negative one counts from the end.
    public static Axes of(int... axes) {
        return new Axes(axes.clone(), false);
    }

    /// Every axis.
    public static Axes all() {
        return ALL;
    }

    /// The same axes, which stay in the result with size 1.
    public Axes keepDims() {
        return new Axes(axes, true);
    }

    /// The same axes, which stay with size 1 if `keep` holds.
    public Axes keepDims(boolean keep) {
        return new Axes(axes, keep);
    }

    /// True if the reduced axes stay with size 1.
    public boolean keepsDims() {
        return keepDims;
    }

    /// The axes of an array of this shape, counted from the front, in the order in which they were given.
    ///
    /// @param operation what to name in an error
    /// @throws IndexOutOfBoundsException if one is out of bounds
    public int[] given(Shape shape, String operation) {
        int[] result = new int[axes == null ? shape.rank() : axes.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = axes == null ? i : shape.axis(axes[i], operation);
        }
        return result;
    }

    /// The axes of an array of this shape, counted from the front, in ascending order.
    ///
    /// @param operation what to name in an error
    /// @throws IndexOutOfBoundsException if one is out of bounds
    /// @throws IllegalArgumentException if one is given twice
    public int[] resolve(Shape shape, String operation) {
        int[] result = given(shape, operation);
        // By insertion: there are few, and java.util's sort takes long to start.
        for (int i = 1; i < result.length; i++) {
            int axis = result[i];
            int j = i - 1;
            for (; j >= 0 && result[j] > axis; j--) {
                result[j + 1] = result[j];
            }
            result[j + 1] = axis;
        }
        for (int i = 1; i < result.length; i++) {
            if (result[i] == result[i - 1]) {
                throw new IllegalArgumentException(operation + ": axis " + result[i] + " is given twice in "
                        + Arrays.toString(axes) + " for shape " + shape);
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return (axes == null ? "all axes" : "axes " + Arrays.toString(axes)) + (keepDims ? ", kept" : "");
    }
}
