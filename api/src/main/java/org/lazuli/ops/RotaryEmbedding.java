package org.lazuli.ops;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.RopeOptions;
import org.lazuli.Shape;
import org.lazuli.graph.Region;

/// Rotary position embedding: pairs of elements are turned by angles that grow with the position.
public final class RotaryEmbedding {
    private RotaryEmbedding() {}

    public static Array of(Array x, int dims, RopeOptions options, Array offset) {
        return Region.own(() -> {
            check(x, dims, offset);
            Array angles = angles(x, dims, options, offset);
            Array cosines = Elementwise.cast(angles.cos(), x.dtype());
            Array sines = Elementwise.cast(angles.sin(), x.dtype());
            int last = x.ndim() - 1;
            Array turned = Shapes.slice(x, last, 0, dims);
            int half = dims / 2;
            Array pairs = options.traditional()
                    ? Shapes.unflatten(turned, -1, new int[] {half, 2})
                    : Shapes.swapaxes(Shapes.unflatten(turned, -1, new int[] {2, half}), -1, -2);
            Array first = Shapes.squeeze(Shapes.slice(pairs, last + 1, 0, 1), -1);
            Array second = Shapes.squeeze(Shapes.slice(pairs, last + 1, 1, 2), -1);
            Array a = first.mul(cosines).sub(second.mul(sines));
            Array b = first.mul(sines).add(second.mul(cosines));
            Array result = options.traditional()
                    ? Shapes.flatten(Shapes.stack(List.of(a, b), -1), -2, -1)
                    : Shapes.concatenate(List.of(a, b), -1);
            return dims == x.dim(-1)
                    ? result
                    : Shapes.concatenate(List.of(result, Shapes.slice(x, last, dims, x.dim(-1))), -1);
        });
    }

    private static void check(Array x, int dims, Array offset) {
        if (x.ndim() < 3) {
            throw new IllegalArgumentException(
                    "rope: needs three axes (batch, positions, size) or more, got shape " + x.shape());
        }
        if (dims <= 0 || dims % 2 != 0 || dims > x.dim(-1)) {
            throw new IllegalArgumentException("rope: " + dims + " elements are to be turned in pairs, of the "
                    + x.dim(-1) + " along the last axis of shape " + x.shape());
        }
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "rope: needs a floating point type, got " + x.dtype() + "; use astype(DType.FLOAT32)");
        }
        boolean one = offset.size() == 1;
        if (!offset.dtype().isInteger() || offset.ndim() > 1 || (!one && offset.size() != x.dim(0))) {
            throw new IllegalArgumentException("rope: the offset is an integer, or one for each of the " + x.dim(0)
                    + " examples, got " + offset.dtype() + offset.shape());
        }
    }

    /// Of shape (positions,pairs), or with the axes of `x` in front where each example has its own offset.
    private static Array angles(Array x, int dims, RopeOptions options, Array offset) {
        DType dtype = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        int half = dims / 2;
        Array freqs = options.freqs();
        if (freqs != null && !freqs.shape().equals(Shape.of(half))) {
            throw new IllegalArgumentException("rope: " + dims + " elements have frequencies of shape " + Shape.of(half)
                    + ", got " + freqs.shape());
        }
        Array turns = freqs == null
                ? Ops.arange(0, half, 1, dtype)
                        .mul(-Math.log(options.base()) / half)
                        .exp()
                : Elementwise.cast(freqs, dtype).reciprocal();
        int positions = x.dim(-2);
        Array start = offset.size() == 1 ? offset.reshape(Shape.SCALAR) : perExample(offset, x.ndim() - 1);
        Array steps = Ops.arange(0, positions, 1, dtype)
                .add(Elementwise.cast(start, dtype))
                .mul(options.scale());
        return Shapes.expandDims(steps, -1).mul(turns);
    }

    private static Array perExample(Array offset, int rank) {
        int[] dims = new int[rank];
        java.util.Arrays.fill(dims, 1);
        dims[0] = offset.size();
        return Shapes.reshape(offset, dims);
    }
}
