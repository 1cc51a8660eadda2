package org.lazuli.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.GridIndexing;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;

/// Operations that change the shape or the order of elements and compute nothing.
public final class Shapes {
    private Shapes() {}

    public static Array reshape(Array x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        if (!x.shape().isSameSize(shape)) {
            throw new IllegalArgumentException("reshape: an array of shape " + x.shape() + " has " + x.size()
                    + " elements, shape " + shape + " needs " + shape.size());
        }
        return Graph.apply(new Primitive.Reshape(shape), x);
    }

    /// Like [#reshape]; one size may be -1 and is then inferred.
    public static Array reshape(Array x, int[] dims) {
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && unknown < 0) {
                unknown = i;
            } else if (dims[i] < 0) {
                throw new IllegalArgumentException("reshape: sizes must not be negative, and only one may be -1: "
                        + Arrays.toString(dims) + " for an array of shape " + x.shape());
            } else {
                known *= dims[i];
            }
        }
        if (unknown < 0) {
            return reshape(x, Shape.of(dims));
        }
        Shape inferred = known == 0 || known > Integer.MAX_VALUE
                ? null
                : x.shape().join(0, x.ndim()).divide(0, (int) known);
        if (inferred == null) {
            throw new IllegalArgumentException("reshape: cannot infer the size -1 in " + Arrays.toString(dims)
                    + " for an array of shape " + x.shape() + " with " + x.size() + " elements");
        }
        Shape shape = Shape.of(Arrays.copyOf(dims, unknown))
                .concat(inferred)
                .concat(Shape.of(Arrays.copyOfRange(dims, unknown + 1, dims.length)));
        return reshape(x, shape);
    }

    public static Array flatten(Array x, int start, int end) {
        if (x.ndim() == 0) {
            return reshape(x, Shape.of(1));
        }
        int from = x.shape().axis(clamp(start, x.ndim()), "flatten");
        int to = x.shape().axis(clamp(end, x.ndim()), "flatten");
        if (from > to || start >= x.ndim()) {
            throw new IllegalArgumentException(
                    "flatten: the start axis " + start + " comes after the end axis " + end + " in shape " + x.shape());
        }
        Shape shape = x.shape();
        return reshape(x, shape.join(from, to + 1));
    }

    private static int clamp(int axis, int rank) {
        return Math.max(-rank, Math.min(axis, rank - 1));
    }

    public static Array unflatten(Array x, int axis, int[] dims) {
        int at = x.shape().axis(axis, "unflatten");
        int[] sizes = inferred(dims, x.dim(at), x.shape());
        Shape shape = x.shape();
        return reshape(x, shape.slice(0, at).concat(Shape.of(sizes)).concat(shape.slice(at + 1, x.ndim())));
    }

    private static int[] inferred(int[] dims, int size, Shape shape) {
        long known = 1;
        int unknown = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && unknown < 0) {
                unknown = i;
            } else {
                known *= dims[i];
            }
        }
        int[] result = dims.clone();
        if (unknown >= 0 && known > 0 && size % known == 0) {
            result[unknown] = (int) (size / known);
            known *= result[unknown];
        }
        if (known != size || dims.length == 0) {
            throw new IllegalArgumentException("unflatten: an axis of size " + size + " in shape " + shape
                    + " cannot become " + Arrays.toString(dims));
        }
        return result;
    }

    /// Without these axes, which must have size 1.
    public static Array squeeze(Array x, int... axes) {
        boolean[] gone = new boolean[x.ndim()];
        for (int axis : axes) {
            int at = x.shape().axis(axis, "squeeze");
            if (!x.shape().is(at, 1)) {
                throw new IllegalArgumentException("squeeze: axis " + axis + " of shape " + x.shape() + " has size "
                        + x.dim(at) + ", only axes of size 1 can go");
            }
            if (gone[at]) {
                throw new IllegalArgumentException(
                        "squeeze: axis " + axis + " is given twice in " + Arrays.toString(axes));
            }
            gone[at] = true;
        }
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < gone.length; axis++) {
            if (!gone[axis]) {
                kept.add(axis);
            }
        }
        return reshape(x, x.shape().permute(ints(kept)));
    }

    /// Without any axis of size 1.
    public static Array squeeze(Array x) {
        return reshape(
                x,
                Shape.of(Arrays.stream(x.shape().toArray())
                        .filter(dim -> dim != 1)
                        .toArray()));
    }

    /// With new axes of size 1 at these positions of the result.
    public static Array expandDims(Array x, int... axes) {
        int rank = x.ndim() + axes.length;
        boolean[] added = new boolean[rank];
        for (int axis : axes) {
            int at = axis < 0 ? axis + rank : axis;
            if (at < 0 || at >= rank) {
                throw new IndexOutOfBoundsException("expandDims: axis " + axis + " is out of bounds for a result with "
                        + rank + " axes, from shape " + x.shape());
            }
            if (added[at]) {
                throw new IllegalArgumentException(
                        "expandDims: axis " + axis + " is given twice in " + Arrays.toString(axes));
            }
            added[at] = true;
        }
        Shape shape = x.shape();
        for (int axis = 0; axis < rank; axis++) {
            shape = added[axis] ? shape.insert(axis, 1) : shape;
        }
        return reshape(x, shape);
    }

    /// Axis `i` of the result is axis `axes[i]` of the operand.
    public static Array transpose(Array x, int... axes) {
        if (axes.length != x.ndim()) {
            throw new IllegalArgumentException("transpose: " + Arrays.toString(axes) + " names " + axes.length
                    + " axes, shape " + x.shape() + " has " + x.ndim());
        }
        int[] order = new int[axes.length];
        boolean[] seen = new boolean[axes.length];
        boolean identity = true;
        for (int i = 0; i < axes.length; i++) {
            order[i] = x.shape().axis(axes[i], "transpose");
            if (seen[order[i]]) {
                throw new IllegalArgumentException(
                        "transpose: axis " + axes[i] + " is given twice in " + Arrays.toString(axes));
            }
            seen[order[i]] = true;
            identity &= order[i] == i;
        }
        return identity ? x : Graph.apply(new Primitive.Transpose(Ints.of(order)), x);
    }

    /// With the order of all axes reversed.
    public static Array transpose(Array x) {
        int rank = x.ndim();
        int[] axes = new int[rank];
        for (int i = 0; i < rank; i++) {
            axes[i] = rank - 1 - i;
        }
        return transpose(x, axes);
    }

    public static Array swapaxes(Array x, int a, int b) {
        int[] axes = Ints.range(0, x.ndim()).toArray();
        int first = x.shape().axis(a, "swapaxes");
        int second = x.shape().axis(b, "swapaxes");
        axes[first] = second;
        axes[second] = first;
        return transpose(x, axes);
    }

    public static Array moveaxis(Array x, int from, int to) {
        int source = x.shape().axis(from, "moveaxis");
        int target = x.shape().axis(to, "moveaxis");
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < x.ndim(); axis++) {
            if (axis != source) {
                axes.add(axis);
            }
        }
        axes.add(target, source);
        return transpose(x, ints(axes));
    }

    /// Repeats the array along axes of size 1 and new leading axes.
    public static Array broadcastTo(Array x, Shape shape) {
        Shape common = Shape.broadcast(x.shape(), shape, "broadcastTo");
        if (!common.equals(shape)) {
            throw new IllegalArgumentException("broadcastTo: shape " + x.shape() + " does not fit into " + shape);
        }
        return Elementwise.broadcast(x, shape);
    }

    public static Array concatenate(List<Array> arrays, int axis) {
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("concatenate: needs at least one array");
        }
        Array first = arrays.get(0);
        int at = first.shape().axis(axis, "concatenate");
        DType dtype = first.dtype();
        for (Array x : arrays) {
            dtype = DType.promote(dtype, x.dtype());
            if (x.ndim() != first.ndim()
                    || !x.shape().with(at, 0).equals(first.shape().with(at, 0))) {
                throw new IllegalArgumentException("concatenate: shapes " + first.shape() + " and " + x.shape()
                        + " differ in more than axis " + axis);
            }
        }
        if (arrays.size() == 1) {
            return first;
        }
        Array[] operands = new Array[arrays.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = Elementwise.cast(arrays.get(i), dtype);
        }
        return Graph.apply(new Primitive.Concatenate(at), operands);
    }

    public static Array stack(List<Array> arrays, int axis) {
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("stack: needs at least one array");
        }
        for (Array x : arrays) {
            if (!x.shape().equals(arrays.get(0).shape())) {
                throw new IllegalArgumentException(
                        "stack: shapes " + arrays.get(0).shape() + " and " + x.shape() + " differ");
            }
        }
        return concatenate(arrays.stream().map(x -> expandDims(x, axis)).toList(), axis);
    }

    public static List<Array> split(Array x, int parts, int axis) {
        int at = x.shape().axis(axis, "split");
        if (parts <= 0 || x.dim(at) % parts != 0) {
            throw new IllegalArgumentException("split: axis " + axis + " of shape " + x.shape() + " has size "
                    + x.dim(at) + ", which does not divide into " + parts + " equal parts; give the positions instead");
        }
        int size = x.dim(at) / parts;
        int[] indices = new int[parts - 1];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (i + 1) * size;
        }
        return split(x, indices, at);
    }

    public static List<Array> split(Array x, int[] indices, int axis) {
        int at = x.shape().axis(axis, "split");
        int size = x.dim(at);
        List<Array> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= indices.length; i++) {
            int end = i == indices.length ? size : clip(indices[i], size);
            parts.add(slice(x, at, start, Math.max(start, end)));
            start = i == indices.length ? size : end;
        }
        return parts;
    }

    private static int clip(int index, int size) {
        return Math.max(0, Math.min(index < 0 ? index + size : index, size));
    }

    /// The positions from `start` to before `stop` of one axis.
    public static Array slice(Array x, int axis, int start, int stop) {
        if (start == 0 && x.shape().is(axis, stop)) {
            return x;
        }
        int[] starts = new int[x.ndim()];
        starts[axis] = start;
        return Graph.apply(
                new Primitive.Slice(
                        Ints.of(starts), Ints.fill(x.ndim(), 1), x.shape().with(axis, stop - start)),
                x);
    }

    public static Array flip(Array x, int... axes) {
        int[] starts = new int[x.ndim()];
        int[] steps = Ints.fill(x.ndim(), 1).toArray();
        for (int axis : axes) {
            int at = x.shape().axis(axis, "flip");
            starts[at] = Math.max(x.dim(at) - 1, 0);
            steps[at] = -1;
        }
        return x.size() == 0 ? x : Graph.apply(new Primitive.Slice(Ints.of(starts), Ints.of(steps), x.shape()), x);
    }

    public static Array repeat(Array x, int count, int axis) {
        int at = x.shape().axis(axis, "repeat");
        if (count < 0) {
            throw new IllegalArgumentException("repeat: the number of repetitions must not be negative: " + count);
        }
        Array wide = expandDims(x, at + 1);
        Shape shape = wide.shape().with(at + 1, count);
        return reshape(broadcastTo(wide, shape), x.shape().with(at, x.dim(at) * count));
    }

    public static Array tile(Array x, int... counts) {
        int rank = Math.max(counts.length, x.ndim());
        int[] from = new int[2 * rank];
        int[] wide = new int[2 * rank];
        int[] result = new int[rank];
        for (int i = 0; i < rank; i++) {
            int dim = i < rank - x.ndim() ? 1 : x.dim(i - rank + x.ndim());
            int count = i < rank - counts.length ? 1 : counts[i - rank + counts.length];
            if (count < 0) {
                throw new IllegalArgumentException(
                        "tile: the numbers of repetitions must not be negative: " + Arrays.toString(counts));
            }
            from[2 * i] = 1;
            from[2 * i + 1] = dim;
            wide[2 * i] = count;
            wide[2 * i + 1] = dim;
            result[i] = dim * count;
        }
        return reshape(broadcastTo(reshape(x, Shape.of(from)), Shape.of(wide)), Shape.of(result));
    }

    public static Array roll(Array x, int shift, int axis) {
        int at = x.shape().axis(axis, "roll");
        int size = x.dim(at);
        int by = size == 0 ? 0 : Math.floorMod(shift, size);
        return by == 0 ? x : concatenate(List.of(slice(x, at, size - by, size), slice(x, at, 0, size - by)), at);
    }

    /// Surrounds the array with `value`.
    ///
    /// @param widths for each axis the number of elements before and after
    public static Array pad(Array x, int[][] widths, Array value) {
        checkWidths(x, widths);
        int[] dims = new int[x.ndim()];
        int[] starts = new int[x.ndim()];
        for (int axis = 0; axis < dims.length; axis++) {
            starts[axis] = widths[axis][0];
            dims[axis] = widths[axis][0] + x.dim(axis) + widths[axis][1];
        }
        Shape shape = Shape.of(dims);
        if (shape.equals(x.shape())) {
            return x;
        }
        Array background = Elementwise.broadcast(Elementwise.cast(value, x.dtype()), shape);
        return sliceUpdate(UpdateOp.SET, background, x, Ints.of(starts), Ints.fill(dims.length, 1));
    }

    static void checkWidths(Array x, int[][] widths) {
        if (widths.length != x.ndim()) {
            throw new IllegalArgumentException(
                    "pad: widths for " + widths.length + " axes, shape " + x.shape() + " has " + x.ndim());
        }
        for (int[] width : widths) {
            if (width.length != 2 || width[0] < 0 || width[1] < 0) {
                throw new IllegalArgumentException("pad: each axis needs two widths that are not negative, got "
                        + Arrays.deepToString(widths) + "; take a slice to crop");
            }
        }
    }

    /// `x` with `update` combined into every `step`-th position from `start` along each axis.
    public static Array sliceUpdate(UpdateOp op, Array x, Array update, Ints starts, Ints steps) {
        return Graph.apply(new Primitive.SliceUpdate(op, starts, steps), x, update);
    }

    /// Windows of `size` elements along an axis, every `step`-th, as a new last axis.
    public static Array slidingWindows(Array x, int axis, int size, int step, int dilation) {
        int at = x.shape().axis(axis, "slidingWindows");
        if (size < 1 || step < 1 || dilation < 1) {
            throw new IllegalArgumentException("slidingWindows: size, step and dilation must be positive: " + size
                    + ", " + step + ", " + dilation);
        }
        if ((size - 1) * dilation + 1 > x.dim(at)) {
            throw new IllegalArgumentException("slidingWindows: a window of " + ((size - 1) * dilation + 1)
                    + " elements does not fit axis " + axis + " of shape " + x.shape());
        }
        return Graph.apply(new Primitive.Windows(at, size, step, dilation), x);
    }

    public static Array view(Array x, DType dtype) {
        if (x.dtype() == dtype) {
            return x;
        }
        if (x.dtype().bytes() != dtype.bytes()) {
            if (x.ndim() == 0) {
                throw new IllegalArgumentException(
                        "view: a scalar of " + x.dtype() + " cannot be viewed as " + dtype + ", whose size differs");
            }
            if ((long) x.dim(-1) * x.dtype().bytes() % dtype.bytes() != 0) {
                throw new IllegalArgumentException(
                        "view: the last axis of shape " + x.shape() + " and dtype " + x.dtype() + " has "
                                + (long) x.dim(-1) * x.dtype().bytes() + " bytes, which " + dtype + " does not divide");
            }
        }
        return Graph.apply(new Primitive.Bitcast(dtype), x);
    }

    static int[] ints(List<Integer> list) {
        int[] result = new int[list.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = list.get(i);
        }
        return result;
    }

    /// The arrays along an axis, each without it.
    public static List<Array> unstack(Array x, int axis) {
        int at = x.shape().axis(axis, "unstack");
        if (x.dim(at) == 0) {
            return List.of();
        }
        return split(x, x.dim(at), at).stream().map(part -> squeeze(part, at)).toList();
    }

    /// At least `rank` axes: new ones of size 1 in front, and behind from the third on.
    public static Array atLeast(Array x, int rank) {
        return switch (rank - x.ndim()) {
            case 1 -> expandDims(x, rank == 3 ? 2 : 0);
            case 2 -> rank == 3 ? expandDims(x, 0, 2) : expandDims(x, 0, 1);
            case 3 -> expandDims(x, 0, 1, 2);
            default -> x;
        };
    }

    /// The Kronecker product: every element of `a` times all of `b`.
    public static Array kron(Array a, Array b) {
        int rank = Math.max(a.ndim(), b.ndim());
        int[] left = new int[2 * rank];
        int[] right = new int[2 * rank];
        int[] result = new int[rank];
        for (int i = 0; i < rank; i++) {
            int dimA = i < rank - a.ndim() ? 1 : a.dim(i - rank + a.ndim());
            int dimB = i < rank - b.ndim() ? 1 : b.dim(i - rank + b.ndim());
            left[2 * i] = dimA;
            left[2 * i + 1] = 1;
            right[2 * i] = 1;
            right[2 * i + 1] = dimB;
            result[i] = dimA * dimB;
        }
        return reshape(reshape(a, Shape.of(left)).mul(reshape(b, Shape.of(right))), Shape.of(result));
    }

    /// For each vector an array of its values at every point of the grid that they span, or, if `sparse`, one that broadcasts to it.
    public static List<Array> meshgrid(List<Array> arrays, GridIndexing indexing, boolean sparse) {
        int rank = arrays.size();
        int[] dims = new int[rank];
        List<Array> spread = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Array vector = arrays.get(i);
            if (vector.ndim() > 1) {
                throw new IllegalArgumentException(
                        "meshgrid: needs vectors, argument " + i + " has shape " + vector.shape());
            }
            int axis = indexing == GridIndexing.XY && rank > 1 && i < 2 ? 1 - i : i;
            dims[axis] = vector.size();
            int[] shape = Ints.fill(rank, 1).toArray();
            shape[axis] = vector.size();
            spread.add(reshape(vector, Shape.of(shape)));
        }
        Shape grid = Shape.of(dims);
        return sparse
                ? spread
                : spread.stream().map(array -> broadcastTo(array, grid)).toList();
    }

    /// The elements of the flattened array at `offset + sum of position * stride`.
    public static Array asStrided(Array x, Shape shape, int[] strides, int offset) {
        if (strides.length != shape.rank()) {
            throw new IllegalArgumentException("asStrided: " + strides.length + " strides for shape " + shape
                    + ", which has " + shape.rank() + " axes");
        }
        Array position = Scalars.constant(offset, DType.INT32);
        for (int axis = 0; axis < strides.length; axis++) {
            int[] along = Ints.fill(shape.rank(), 1).toArray();
            along[axis] = shape.dim(axis);
            Array steps = Ops.arange(shape.dim(axis)).mul(strides[axis]);
            position = position.add(reshape(steps, Shape.of(along)));
        }
        return flatten(x, 0, -1).take(broadcastTo(position, shape));
    }
}
