package org.lazuli.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sizes that are computed from open ones.
public final class SizeProducts {
    private SizeProducts() {}

    /// The number of elements of a shape with open sizes.
    ///
    /// @param dims the sizes in the example
    /// @param open the open ones, at least one of them
    public static Size of(int[] dims, @Nullable Size[] open) {
        int factor = 1;
        int value = 1;
        SizeTrace trace = null;
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < dims.length; axis++) {
            Size size = open[axis];
            value *= dims[axis];
            if (size == null) {
                factor *= dims[axis];
            } else {
                trace = size.trace();
                sizes.add(size.number());
            }
        }
        if (trace == null) {
            throw new AssertionError("no size is open");
        }
        sizes.sort(null);
        return trace.product(new SizeTrace.Product(factor, List.copyOf(sizes)), value);
    }

    /// A size divided by a number without remainder, or null if that is not the product of others.
    public static @Nullable Size divided(Size size, int divisor) {
        SizeTrace trace = size.trace();
        return trace.sources().get(size.number()) instanceof SizeTrace.Product(int factor, List<Integer> sizes)
                        && divisor != 0
                        && factor % divisor == 0
                ? trace.product(new SizeTrace.Product(factor / divisor, sizes), size.value() / divisor)
                : null;
    }
}
