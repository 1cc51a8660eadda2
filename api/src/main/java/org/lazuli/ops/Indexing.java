package org.lazuli.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.graph.OpenRecording;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;

/// Reading and updating parts of an array.
///
/// An index is split into a slice (positions, spans), which is a view, and a gather (index arrays) from that view. A read does one after the
/// other; an update goes the same way backwards. A mask stands for the arrays of its true positions.
public final class Indexing {
    private Indexing() {}

    public static Array get(Array x, Index... index) {
        Parts parts = Parts.of(x, index);
        Array sliced = parts.slice(x);
        if (!parts.arrays.isEmpty()) {
            sliced = parts.toFront(Graph.apply(new Primitive.Gather(parts.arrayAxes()), parts.operands(sliced)), false);
        }
        return Shapes.reshape(sliced, parts.result());
    }

    /// `x` with `update`, broadcast to the shape of what the index selects, combined into it.
    public static Array update(UpdateOp op, Array x, Array update, Index... index) {
        if (index.length == 1 && index[0] instanceof Index.Where(Array mask)) {
            return updateWhere(op, x, mask, update);
        }
        Parts parts = Parts.of(x, index);
        Array values = Elementwise.cast(update, x.dtype());
        Shape selected = parts.result();
        values = Elementwise.broadcast(dropLeadingOnes(values, selected), selected);
        values = Shapes.reshape(values, parts.resultBeforeNewAxes());
        if (parts.arrays.isEmpty()) {
            return Shapes.sliceUpdate(op, x, Shapes.reshape(values, parts.window), parts.starts(), parts.steps());
        }
        values = parts.toFront(values, true);
        Array target = parts.slice(x);
        Array[] gather = parts.operands(target);
        Array[] operands = Arrays.copyOf(gather, gather.length + 1);
        operands[gather.length] = values;
        Array updated = Graph.apply(new Primitive.Scatter(op, parts.arrayAxes()), operands);
        return parts.isWhole(x) ? updated : Shapes.sliceUpdate(UpdateOp.SET, x, updated, parts.starts(), parts.steps());
    }

    /// NumPy allows an update with more axes than the selection if the extra ones have size 1.
    private static Array dropLeadingOnes(Array values, Shape selected) {
        int extra = values.ndim() - selected.rank();
        for (int axis = 0; axis < extra; axis++) {
            if (values.dim(axis) != 1) {
                throw new IllegalArgumentException("at: an update of shape " + values.shape()
                        + " cannot be broadcast to the selection of shape " + selected);
            }
        }
        return extra > 0 ? Shapes.reshape(values, values.shape().slice(extra, values.ndim())) : values;
    }

    /// An update where a mask holds, which needs no positions: each element is either combined or not.
    private static Array updateWhere(UpdateOp op, Array x, Array mask, Array update) {
        checkMask(mask, x.shape(), 0, "at");
        Array values = Elementwise.cast(update, x.dtype());
        int[] dims = Arrays.copyOf(mask.shape().toArray(), x.ndim());
        Arrays.fill(dims, mask.ndim(), x.ndim(), 1);
        Array wide = Shapes.reshape(mask, Shape.of(dims));
        Shape rest = x.shape().slice(mask.ndim(), x.ndim());
        if (values.ndim() > rest.rank() + 1) {
            values = dropLeadingOnes(values, Shape.of(1).concat(rest));
        }
        if (values.ndim() == rest.rank() + 1 && values.dim(0) == 1) {
            values = Shapes.squeeze(values, 0);
        }
        if (values.size() == 0 && values.ndim() > rest.rank()) {
            return withoutUpdates(x, mask);
        }
        Array chosen = values.ndim() <= rest.rank()
                ? Elementwise.broadcast(Elementwise.broadcast(values, rest), x.shape())
                : inOrder(values, mask, x.shape());
        return Elementwise.where(wide, combine(op, x, chosen), x);
    }

    /// An update of no elements, which only a mask that holds nowhere takes.
    private static Array withoutUpdates(Array x, Array mask) {
        int selected = Nonzero.positions(mask, "at").get(0).size();
        if (selected > 0) {
            throw new IllegalArgumentException("at: there is no update for the " + selected
                    + " elements that a mask of shape " + mask.shape() + " selects");
        }
        return x;
    }

    /// One update for each true element, in order: its number is the count of true elements before it.
    private static Array inOrder(Array values, Array mask, Shape shape) {
        Array flat = Shapes.reshape(mask, Shape.of(mask.size()));
        Array number = Graph.apply(
                new Primitive.Scan(Primitive.ScanOp.SUM, 0, false, false), Elementwise.cast(flat, DType.INT32));
        Array bounded = number.mul(Elementwise.cast(flat, DType.INT32));
        Shape rest = shape.slice(mask.ndim(), shape.rank());
        Array updates = Elementwise.broadcast(values, Shape.of(values.dim(0)).concat(rest));
        return Shapes.reshape(Graph.apply(new Primitive.Gather(Ints.of(0)), updates, bounded), shape);
    }

    private static Array combine(UpdateOp op, Array x, Array values) {
        return switch (op) {
            case SET -> values;
            case ADD -> x.add(values);
            case MULTIPLY -> x.mul(values);
            case MAXIMUM -> Ops.maximum(x, values);
            case MINIMUM -> Ops.minimum(x, values);
        };
    }

    /// A mask's axes stand for as many axes of the array, from `axis` on.
    private static void checkMask(Array mask, Shape shape, int axis, String name) {
        if (mask.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(name + ": a mask is bool, got " + mask.dtype()
                    + "; compare, for example with ne(0), or use take(positions) for positions");
        }
        int end = axis + mask.ndim();
        if (end > shape.rank() || !shape.slice(axis, end).equals(mask.shape())) {
            throw new IllegalArgumentException(name + ": a mask of shape " + mask.shape() + " does not cover the "
                    + (axis == 0 ? "leading axes" : "axes from " + axis + " on") + " of an array of shape " + shape);
        }
    }

    public static Array take(Array x, Array indices, int axis) {
        int at = x.shape().axis(axis, "take");
        checkInteger(indices, "take");
        checkNotEmpty(x, indices, at, "take");
        Array gathered = Graph.apply(new Primitive.Gather(Ints.of(at)), x, indices);
        return moveBlock(gathered, 0, indices.ndim(), at);
    }

    public static Array takeAlongAxis(Array x, Array indices, int axis) {
        int at = x.shape().axis(axis, "takeAlongAxis");
        checkInteger(indices, "takeAlongAxis");
        Shape shape = alongShape(x, indices, at, "takeAlongAxis");
        checkNotEmpty(x, indices, at, "takeAlongAxis");
        return Graph.apply(new Primitive.Gather(Ints.range(0, x.ndim())), along(x, indices, at, shape));
    }

    public static Array putAlongAxis(Array x, Array indices, Array values, int axis) {
        int at = x.shape().axis(axis, "putAlongAxis");
        checkInteger(indices, "putAlongAxis");
        Shape shape = alongShape(x, indices, at, "putAlongAxis");
        Array[] gather = along(x, indices, at, shape);
        Array[] operands = Arrays.copyOf(gather, gather.length + 1);
        operands[gather.length] = Shapes.broadcastTo(Elementwise.cast(values, x.dtype()), shape);
        return Graph.apply(new Primitive.Scatter(UpdateOp.SET, Ints.range(0, x.ndim())), operands);
    }

    private static Shape alongShape(Array x, Array indices, int axis, String name) {
        if (indices.ndim() != x.ndim()) {
            throw new IllegalArgumentException(name + ": indices of shape " + indices.shape()
                    + " must have as many axes as the array of shape " + x.shape());
        }
        return Shape.broadcast(x.shape().with(axis, 1), indices.shape().with(axis, 1), name)
                .with(axis, indices.dim(axis));
    }

    /// The array followed by one index array per axis: the given one, and counters for the others.
    private static Array[] along(Array x, Array indices, int axis, Shape shape) {
        Array[] operands = new Array[x.ndim() + 1];
        int[] dims = x.shape().toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == axis ? x.dim(i) : shape.dim(i);
        }
        operands[0] = Elementwise.broadcast(x, Shape.of(dims));
        for (int i = 0; i < x.ndim(); i++) {
            Array index = i == axis ? indices : counter(shape.dim(i), i, x.ndim());
            operands[i + 1] = Elementwise.broadcast(index, shape);
        }
        return operands;
    }

    /// 0, 1, … along one axis of `rank`.
    static Array counter(int size, int axis, int rank) {
        Array iota = Graph.applyOwned(new Primitive.Iota(DType.INT32, size));
        int[] dims = Ints.fill(rank, 1).toArray();
        dims[axis] = size;
        return Shapes.reshape(iota, Shape.of(dims));
    }

    private static void checkInteger(Array indices, String name) {
        if (!indices.dtype().isInteger()) {
            throw new IllegalArgumentException(
                    name + ": indices must be integers, got " + indices.dtype() + "; convert them with astype(INT32)");
        }
    }

    private static void checkNotEmpty(Array x, Array indices, int axis, String name) {
        if (x.shape().is(axis, 0) && !indices.shape().isEmpty()) {
            throw new IndexOutOfBoundsException(
                    name + ": cannot take from axis " + axis + " of shape " + x.shape() + ", which has size 0");
        }
    }

    /// Moves `count` neighbouring axes from position `from` so that they begin at position `to` of the result.
    private static Array moveBlock(Array x, int from, int count, int to) {
        List<Integer> order = new ArrayList<>();
        List<Integer> block = new ArrayList<>();
        for (int axis = 0; axis < x.ndim(); axis++) {
            (axis >= from && axis < from + count ? block : order).add(axis);
        }
        order.addAll(to, block);
        return Shapes.transpose(x, Shapes.ints(order));
    }

    /// An index, resolved against an array's shape.
    private static final class Parts {
        private final int rank;
        private final int[] starts;
        private final int[] steps;
        private Shape window;
        private final boolean[] dropped;

        /// The index arrays, and the axis each one stands for.
        private final List<Array> arrays = new ArrayList<>();

        private final List<Integer> axes = new ArrayList<>();

        /// The result's axes in order: an axis of the array, or one of the constants below.
        private final List<Integer> layout = new ArrayList<>();

        private static final int NEW_AXIS = -1;
        private static final int ARRAYS = -2;

        private Parts(Array x) {
            rank = x.ndim();
            starts = new int[rank];
            steps = Ints.fill(rank, 1).toArray();
            window = x.shape();
            dropped = new boolean[rank];
        }

        static Parts of(Array x, Index... index) {
            Parts parts = new Parts(x);
            parts.resolve(x, index);
            return parts;
        }

        private void resolve(Array x, Index... index) {
            int consumed = 0;
            boolean restGiven = false;
            for (Index part : index) {
                switch (part) {
                    case Index.At _, Index.Span _, Index.Take _ -> consumed++;
                    case Index.Where where -> consumed += where.mask().ndim();
                    case Index.NewAxis _ -> {}
                    case Index.Rest _ -> {
                        if (restGiven) {
                            throw new IllegalArgumentException("index: rest() may be given only once");
                        }
                        restGiven = true;
                    }
                }
            }
            if (consumed > rank) {
                throw new IndexOutOfBoundsException("index: " + consumed + " axes are indexed, shape " + x.shape()
                        + " has " + rank + (rank == 1 ? " axis" : " axes"));
            }
            int axis = 0;
            boolean apart = false;
            int lastArray = -1;
            for (int i = 0; i < index.length; i++) {
                switch (index[i]) {
                    case Index.At at -> {
                        starts[axis] = position(at.position(), axis, x.shape());
                        window = window.with(axis, 1);
                        dropped[axis] = true;
                        axis++;
                    }
                    case Index.Span span -> {
                        span(span, axis, x.shape());
                        layout.add(axis++);
                    }
                    case Index.Take take -> {
                        apart |= lastArray >= 0 && lastArray != i - 1;
                        lastArray = i;
                        addArray(take.indices(), axis++, x.shape());
                    }
                    case Index.Where(Array mask) -> {
                        checkMask(mask, x.shape(), axis, "index");
                        apart |= lastArray >= 0 && lastArray != i - 1;
                        lastArray = i;
                        for (Array positions : Nonzero.positions(mask, "index")) {
                            addArray(positions, axis++, x.shape());
                        }
                    }
                    case Index.NewAxis _ -> layout.add(NEW_AXIS);
                    case Index.Rest _ -> {
                        for (int n = rank - consumed; n > 0; n--) {
                            layout.add(axis++);
                        }
                    }
                }
            }
            while (axis < rank) {
                layout.add(axis++);
            }
            if (apart) {
                // Index arrays that are not side by side: their axes come first, as in NumPy.
                layout.remove(Integer.valueOf(ARRAYS));
                layout.add(0, ARRAYS);
            }
        }

        private static int position(int position, int axis, Shape shape) {
            // From the front: whether it is in bounds the instruction's rule says for other sizes.
            int size = position < 0 ? shape.dim(axis) : OpenRecording.example(shape)[axis];
            int at = position < 0 ? position + size : position;
            if (at < 0 || at >= size) {
                throw new IndexOutOfBoundsException("index: position " + position + " is out of bounds for axis " + axis
                        + " of shape " + shape + ", which has size " + size);
            }
            return at;
        }

        private void span(Index.Span span, int axis, Shape shape) {
            int step = span.stride();
            if (step == 1 && span.start().isEmpty() && span.stop().isEmpty()) {
                return;
            }
            int size = isFromTheFront(span, OpenRecording.example(shape)[axis])
                    ? OpenRecording.example(shape)[axis]
                    : shape.dim(axis);
            int low = step > 0 ? 0 : -1;
            int high = step > 0 ? size : size - 1;
            int start = span.start().isPresent()
                    ? bound(span.start().getAsInt(), size, low, high)
                    : step > 0 ? 0 : size - 1;
            int stop = span.stop().isPresent() ? bound(span.stop().getAsInt(), size, low, high) : step > 0 ? size : -1;
            long length = step > 0
                    ? ((long) stop - start + step - 1) / step
                    : ((long) start - stop - step - 1) / -(long) step;
            int count = (int) Math.max(0, length);
            starts[axis] = count == 0 ? 0 : start;
            steps[axis] = step;
            window = window.with(axis, count);
        }

        /// Whether a span is the same for all sizes from the one it reaches to on; smaller ones the instruction's rule refuses.
        private static boolean isFromTheFront(Index.Span span, int size) {
            return span.stride() > 0
                    && (span.start().isEmpty() || span.start().getAsInt() >= 0)
                    && span.stop().isPresent()
                    && span.stop().getAsInt() >= 0
                    && span.stop().getAsInt() <= size;
        }

        private static int bound(int bound, int size, int low, int high) {
            long absolute = bound < 0 ? (long) bound + size : bound;
            return (int) Math.max(low, Math.min(absolute, high));
        }

        private void addArray(Array indices, int axis, Shape shape) {
            if (indices.dtype() == DType.BOOL) {
                throw new IllegalArgumentException("index: a boolean mask is given with where(mask), not with take");
            }
            checkInteger(indices, "index");
            if (shape.is(axis, 0) && !indices.shape().isEmpty()) {
                throw new IndexOutOfBoundsException(
                        "index: cannot take from axis " + axis + " of shape " + shape + ", which has size 0");
            }
            if (arrays.isEmpty()) {
                layout.add(ARRAYS);
            }
            arrays.add(indices);
            axes.add(axis);
        }

        Ints starts() {
            return Ints.of(starts);
        }

        Ints steps() {
            return Ints.of(steps);
        }

        Ints arrayAxes() {
            return Ints.of(Shapes.ints(axes));
        }

        boolean isWhole(Array x) {
            // What no size can make whole comes first, so that none is asked for.
            for (int axis = 0; axis < rank; axis++) {
                if ((starts[axis] != 0 || (steps[axis] != 1 && window.dim(axis) > 1)) && window.dim(axis) > 0) {
                    return false;
                }
            }
            return window.equals(x.shape());
        }

        Array slice(Array x) {
            return isWhole(x) ? x : Graph.apply(new Primitive.Slice(starts(), steps(), window), x);
        }

        private Shape arraysShape() {
            Shape shape = Shape.SCALAR;
            for (Array array : arrays) {
                shape = Shape.broadcast(shape, array.shape(), "index");
            }
            return shape;
        }

        /// The operands of a gather from `sliced`.
        Array[] operands(Array sliced) {
            Shape shape = arraysShape();
            Array[] operands = new Array[arrays.size() + 1];
            operands[0] = sliced;
            for (int i = 0; i < arrays.size(); i++) {
                operands[i + 1] = Elementwise.broadcast(arrays.get(i), shape);
            }
            return operands;
        }

        /// Between the order of a gather's result (index axes first, then the window's others) and the order of the index expression, with the
        /// positions that were given still there as axes of size 1.
        Array toFront(Array values, boolean inverse) {
            Shape index = arraysShape();
            int at = indexAxesAt();
            if (inverse) {
                Array withDropped = Shapes.reshape(values, orderedShape(at, index));
                return moveBlock(withDropped, at, index.rank(), 0);
            }
            return moveBlock(values, 0, index.rank(), at);
        }

        /// How many of the window's other axes come before the axes of the index arrays.
        private int indexAxesAt() {
            int first = layout.indexOf(ARRAYS);
            int before = 0;
            for (int i = 0; i < first; i++) {
                if (layout.get(i) >= 0) {
                    before = layout.get(i) + 1;
                }
            }
            int count = 0;
            for (int axis = 0; axis < before; axis++) {
                count += axes.contains(axis) ? 0 : 1;
            }
            return count;
        }

        private Shape orderedShape(int at, Shape index) {
            Shape others = Shape.SCALAR;
            for (int axis = 0; axis < rank; axis++) {
                if (!axes.contains(axis)) {
                    others = others.concat(window.slice(axis, axis + 1));
                }
            }
            return others.slice(0, at).concat(index).concat(others.slice(at, others.rank()));
        }

        Shape resultBeforeNewAxes() {
            return result(false);
        }

        /// The shape of what the index selects.
        Shape result() {
            return result(true);
        }

        private Shape result(boolean newAxes) {
            Shape shape = Shape.SCALAR;
            for (int part : layout) {
                if (part == ARRAYS) {
                    shape = shape.concat(arraysShape());
                } else if (part >= 0) {
                    shape = shape.concat(window.slice(part, part + 1));
                } else if (newAxes) {
                    shape = shape.concat(Shape.of(1));
                }
            }
            return shape;
        }
    }
}
