package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.PadMode;
import org.lazuli.Shape;

/// Padding with the array's own elements.
public final class Padding {
    private Padding() {}

    /// Surrounds the array, axis by axis.
    ///
    /// @param widths for each axis the number of elements before and after
    public static Array pad(Array x, int[][] widths, PadMode mode) {
        Shapes.checkWidths(x, widths);
        Array result = x;
        for (int axis = 0; axis < widths.length; axis++) {
            int low = widths[axis][0];
            int high = widths[axis][1];
            if (low + high > 0) {
                result = result.take(Ops.array(positions(x.shape(), axis, low, high, mode)), axis);
            }
        }
        return result;
    }

    /// Where each element of a padded axis comes from.
    private static int[] positions(Shape shape, int axis, int low, int high, PadMode mode) {
        int size = shape.dim(axis);
        if (size == 0) {
            throw new IllegalArgumentException(
                    "pad: axis " + axis + " of shape " + shape + " has no element to repeat");
        }
        int[] result = new int[low + size + high];
        for (int i = 0; i < result.length; i++) {
            result[i] = switch (mode) {
                case EDGE -> Math.clamp(i - low, 0, size - 1);
                case REFLECT -> mirrored(i - low, size, 0);
                case SYMMETRIC -> mirrored(i - low, size, 1);
            };
        }
        return result;
    }

    /// A position in an endless row of copies, every other one reversed, whose edges are shared (0) or each there (1).
    private static int mirrored(int position, int size, int edge) {
        int period = 2 * (size - 1 + edge);
        int within = period == 0 ? 0 : Math.floorMod(position, period);
        return within < size ? within : period - edge - within;
    }
}
