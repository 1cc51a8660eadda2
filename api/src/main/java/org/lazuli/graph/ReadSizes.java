package org.lazuli.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;

/// The open sizes of a recording that is being read, to make the shapes in its instructions from.
public final class ReadSizes {
    private final List<Size> sizes;

    /// @param examples the value of each size in the example
    public ReadSizes(List<Integer> examples) {
        this.sizes = SizeTrace.read(examples);
    }

    /// A shape with open sizes.
    ///
    /// @param dims the sizes in the example
    /// @param numbers for each axis the number of the size that is open there, or -1
    /// @throws IllegalArgumentException if the two do not fit together
    public Shape shape(int[] dims, int[] numbers) {
        if (dims.length != numbers.length) {
            throw new IllegalArgumentException(dims.length + " axes, " + numbers.length + " sizes");
        }
        @Nullable Size[] open = new Size[dims.length];
        for (int axis = 0; axis < open.length; axis++) {
            int number = numbers[axis];
            if (number < -1 || number >= sizes.size()) {
                throw new IllegalArgumentException("there is no size " + number + " of " + sizes.size());
            }
            open[axis] = number < 0 ? null : sizes.get(number);
            if (number >= 0 && sizes.get(number).value() != dims[axis]) {
                throw new IllegalArgumentException("size " + number + " is " + dims[axis] + " in one place and "
                        + sizes.get(number).value() + " in another");
            }
        }
        return OpenShapes.get().make(dims, open);
    }
}
