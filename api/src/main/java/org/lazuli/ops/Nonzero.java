package org.lazuli.ops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Evaluator;
import org.lazuli.spi.TensorSpec;

/// Where an array is not 0. How many places there are depends on the values, so these are computed at the call.
public final class Nonzero {
    private Nonzero() {}

    /// For each axis the positions of the elements that are not 0, in row-major order, as int32 vectors of one length.
    ///
    /// @param operation what to name in an error
    /// @throws IllegalStateException if the values depend on an argument of a function that `vmap` or `compile` traces
    public static List<Array> positions(Array x, String operation) {
        if (x.ndim() == 0) {
            throw new IllegalArgumentException(operation
                    + ": a scalar has no axes along which there could be positions; use atLeast1d() or itemBoolean()");
        }
        @Nullable String tracer = Evaluator.tracerOf(x);
        if (tracer != null) {
            throw new IllegalStateException(operation + ": how many elements of an array of shape " + x.shape()
                    + " are selected is not known while " + tracer + " traces the function; use where(condition, x, y), or at("
                    + "where(mask)) with a single update, which keep the shape, or select outside of the function");
        }
        boolean[] truth = (boolean[]) HostData.toFlat(Elementwise.cast(x, DType.BOOL), boolean.class);
        int count = 0;
        for (boolean element : truth) {
            count += element ? 1 : 0;
        }
        int[] flat = new int[count];
        for (int i = 0, next = 0; i < truth.length; i++) {
            if (truth[i]) {
                flat[next++] = i;
            }
        }
        List<Array> positions = new ArrayList<>(x.ndim());
        int stride = x.size();
        for (int axis = 0; axis < x.ndim(); axis++) {
            int size = Math.max(1, x.dim(axis));
            stride /= size;
            positions.add(along(flat, Math.max(1, stride), size));
        }
        return positions;
    }

    private static Array along(int[] flat, int stride, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(1, 4L * flat.length), 4);
            for (int i = 0; i < flat.length; i++) {
                data.setAtIndex(ValueLayout.JAVA_INT, i, flat[i] / stride % size);
            }
            return Evaluator.upload(data, new TensorSpec(DType.INT32, Shape.of(flat.length)));
        }
    }
}
