package org.lazuli.transforms;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Elementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;

/// The gradients of writing with index arrays, which may name a position several times.
final class ScatterGradients {
    private final Primitive.Scatter scatter;

    /// The array, the index arrays, the updates.
    private final Array[] in;

    private final Array x;
    private final Array updates;

    private ScatterGradients(Primitive.Scatter scatter, Array... in) {
        this.scatter = scatter;
        this.in = in;
        this.x = in[0];
        this.updates = in[in.length - 1];
    }

    static @Nullable Array[] vjp(Primitive.Scatter scatter, Array[] in, Array out, Array ct, boolean[] needed) {
        ScatterGradients rules = new ScatterGradients(scatter, in);
        @Nullable Array[] result = new Array[in.length];
        if (needed[0]) {
            result[0] = rules.array(out, ct);
        }
        if (needed[in.length - 1]) {
            result[in.length - 1] = rules.updates(out, ct);
        }
        return result;
    }

    private Array array(Array out, Array ct) {
        return switch (scatter.op()) {
            case SET -> write(UpdateOp.SET, ct, Ops.zerosLike(updates));
            case ADD -> ct;
            case MULTIPLY ->
                ct.mul(write(UpdateOp.MULTIPLY, Ops.onesLike(x), updates).conj());
            case MAXIMUM, MINIMUM -> GradientRules.masked(share(out, ct), x.eq(out));
        };
    }

    private Array updates(Array out, Array ct) {
        return switch (scatter.op()) {
            case SET -> GradientRules.masked(read(ct), isLast());
            case ADD -> read(ct);
            case MULTIPLY -> read(ct.mul(x.conj())).mul(productOfOthers().conj());
            case MAXIMUM, MINIMUM -> GradientRules.masked(read(share(out, ct)), updates.eq(read(out)));
        };
    }

    /// What each of those that are equal to the largest or smallest gets: one update that is broadcast to a position several times must
    /// not count as often.
    private Array share(Array out, Array ct) {
        Array winners = updates.eq(read(out)).astype(ct.dtype());
        Array count = write(UpdateOp.ADD, x.eq(out).astype(ct.dtype()), winners);
        return ct.div(Ops.maximum(count, 1));
    }

    private Array read(Array from) {
        Array[] operands = Arrays.copyOf(in, in.length - 1);
        operands[0] = from;
        return Graph.apply(new Primitive.Gather(scatter.axes()), operands);
    }

    private Array write(UpdateOp op, Array into, Array values) {
        Array[] operands = in.clone();
        operands[0] = into;
        operands[in.length - 1] = values;
        return Graph.apply(new Primitive.Scatter(op, scatter.axes()), operands);
    }

    /// Which updates are there in the end: each writes its number, and the last one of a position finds its own.
    private Array isLast() {
        Shape index = in[1].shape();
        Array number = Ops.arange(index.size()).reshape(index);
        Array numbers = Elementwise.broadcast(alongIndex(number), updates.shape());
        return read(write(UpdateOp.SET, Ops.zeros(x.shape(), DType.INT32), numbers))
                .eq(numbers);
    }

    /// An array of the index arrays' shape, with axes of size 1 for the axes that are not indexed.
    private Array alongIndex(Array array) {
        int rest = updates.ndim() - array.ndim();
        return array.reshape(array.shape().concat(Shape.of(Ints.fill(rest, 1).toArray())));
    }

    /// For each update the product of the others of its position. Sorted by position, that is the product of those before it times the product of
    /// those after it; nothing is divided, so zeros are no exception.
    private Array productOfOthers() {
        int count = in[1].size();
        if (count == 0) {
            return updates;
        }
        Array position = position();
        Array order = position.argsort(0);
        Array sorted = position.take(order, 0);
        Array lines = updates.reshape(Shape.of(count).concat(updates.shape().slice(in[1].ndim(), updates.ndim())));
        Array values = lines.take(order, 0);
        Array others = productBefore(values, sorted)
                .mul(productBefore(values.flip(0), sorted.flip(0)).flip(0));
        return others.take(order.argsort(0), 0).reshape(updates.shape());
    }

    /// The number of the element, in the indexed axes, that each update goes to.
    private Array position() {
        Array position = Ops.zeros(in[1].shape(), DType.INT64);
        for (int i = 0; i < scatter.axes().size(); i++) {
            int size = x.dim(scatter.axes().get(i));
            Array index = in[i + 1].astype(DType.INT64);
            position = position.mul(size).add(Ops.where(index.lt(0), index.add(size), index));
        }
        return position.flatten();
    }

    /// For each line the product of the earlier lines with the same position, of which all stand together.
    private static Array productBefore(Array lines, Array position) {
        int count = lines.dim(0);
        Array product = lines;
        for (int reach = 1; reach < count; reach *= 2) {
            product = product.mul(earlier(product, position, reach));
        }
        return earlier(product, position, 1);
    }

    /// The line that is `reach` lines earlier, or 1 if that has another position.
    private static Array earlier(Array lines, Array position, int reach) {
        int count = lines.dim(0);
        Shape ones = lines.shape().with(0, Math.min(reach, count));
        if (reach >= count) {
            return Ops.ones(ones, lines.dtype());
        }
        Array same = position.get(Index.from(reach)).eq(position.get(Index.to(count - reach)));
        Array mask = same.reshape(Shape.of(count - reach)
                .concat(Shape.of(Ints.fill(lines.ndim() - 1, 1).toArray())));
        Array found = lines.get(Index.to(count - reach));
        return Ops.concatenate(
                java.util.List.of(Ops.ones(ones, lines.dtype()), Ops.where(mask, found, Ops.onesLike(found))));
    }
}
