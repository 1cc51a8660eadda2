package org.lazuli.graph;

import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Answers layout instructions with new strides over the same buffer.
final class Layout {
    private Layout() {}

    /// The operand under the layout that `view` gives it, or null where its elements would have to move first.
    static @Nullable Tensor view(Primitive.View view, Tensor x, TensorSpec spec) {
        return switch (view) {
            case Primitive.Reshape _ -> reshape(x, spec);
            case Primitive.Transpose transpose -> {
                int[] strides = new int[spec.shape().rank()];
                for (int i = 0; i < strides.length; i++) {
                    strides[i] = x.strides().get(transpose.axes().get(i));
                }
                yield new Tensor(x.buffer(), spec, Ints.of(strides), x.offset());
            }
            case Primitive.Broadcast _ -> {
                int[] strides = new int[spec.shape().rank()];
                int added = strides.length - x.shape().rank();
                for (int i = added; i < strides.length; i++) {
                    boolean same = x.shape().dim(i - added) == spec.shape().dim(i);
                    strides[i] = same ? x.strides().get(i - added) : 0;
                }
                yield new Tensor(x.buffer(), spec, Ints.of(strides), x.offset());
            }
            case Primitive.Slice slice -> {
                int[] strides = new int[spec.shape().rank()];
                int offset = x.offset();
                boolean empty = spec.shape().size() == 0;
                for (int i = 0; i < strides.length; i++) {
                    strides[i] = x.strides().get(i) * slice.steps().get(i);
                    offset += empty ? 0 : x.strides().get(i) * slice.starts().get(i);
                }
                yield new Tensor(x.buffer(), spec, Ints.of(strides), offset);
            }
            case Primitive.Windows windows -> {
                int rank = x.shape().rank();
                int[] strides = new int[rank + 1];
                for (int i = 0; i < rank; i++) {
                    strides[i] = x.strides().get(i) * (i == windows.axis() ? windows.step() : 1);
                }
                strides[rank] = x.strides().get(windows.axis()) * windows.dilation();
                yield new Tensor(x.buffer(), spec, Ints.of(strides), x.offset());
            }
            case Primitive.StopGradient _, Primitive.Depends _ -> x;
            case Primitive.Custom _, Primitive.Element _, Primitive.Fallback _, Primitive.FallbackTuple _ ->
                throw new AssertionError("resolved by the planner: " + view);
        };
    }

    /// Keeps runs of old axes that lie evenly in memory together, and cuts each run into new axes.
    private static @Nullable Tensor reshape(Tensor x, TensorSpec spec) {
        Shape to = spec.shape();
        if (x.isContiguous()) {
            return new Tensor(x.buffer(), spec, Tensor.rowMajor(to), x.offset());
        }
        int[] from = new int[x.shape().rank()];
        int[] oldStrides = new int[from.length];
        int rank = 0;
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (x.shape().dim(axis) != 1) {
                from[rank] = x.shape().dim(axis);
                oldStrides[rank++] = x.strides().get(axis);
            }
        }
        int[] strides = new int[to.rank()];
        int oldEnd = 0;
        int newEnd = 0;
        while (oldEnd < rank && newEnd < to.rank()) {
            int oldStart = oldEnd;
            int newStart = newEnd;
            long oldSize = from[oldEnd++];
            long newSize = to.dim(newEnd++);
            while (oldSize != newSize) {
                if (oldSize < newSize) {
                    oldSize *= from[oldEnd++];
                } else {
                    newSize *= to.dim(newEnd++);
                }
            }
            for (int axis = oldStart; axis < oldEnd - 1; axis++) {
                if (oldStrides[axis] != oldStrides[axis + 1] * from[axis + 1]) {
                    return null;
                }
            }
            int stride = oldStrides[oldEnd - 1];
            for (int axis = newEnd - 1; axis >= newStart; axis--) {
                strides[axis] = stride;
                stride *= to.dim(axis);
            }
        }
        return new Tensor(x.buffer(), spec, Ints.of(strides), x.offset());
    }
}
