package org.lazuli.transforms;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// How every instruction runs on a batch: operands carry it along axis 0, or not at all, and so does the result.
final class BatchingRules {
    private BatchingRules() {}

    /// @param in the operands, at least one of them batched
    /// @param batched which of them have the batch along axis 0
    /// @param size the size of the batch
    static Array batch(Primitive primitive, Array[] in, boolean[] batched, int size) {
        return switch (primitive) {
            case Primitive.Reshape reshape -> in[0].reshape(Shape.of(size).concat(reshape.shape()));
            case Primitive.Transpose transpose ->
                Graph.apply(new Primitive.Transpose(transpose.axes().plus(1).prepend(0)), in[0]);
            case Primitive.Broadcast broadcast -> {
                Shape target = Shape.of(size).concat(broadcast.shape());
                yield Graph.apply(new Primitive.Broadcast(target), padded(in[0], target.rank()));
            }
            case Primitive.Slice slice ->
                Graph.apply(
                        new Primitive.Slice(
                                slice.starts().prepend(0),
                                slice.steps().prepend(1),
                                Shape.of(size).concat(slice.shape())),
                        in[0]);
            case Primitive.Windows w ->
                Graph.apply(new Primitive.Windows(w.axis() + 1, w.size(), w.step(), w.dilation()), in[0]);
            case Primitive.StopGradient _, Primitive.Cast _, Primitive.Unary _, Primitive.Bitcast _, Primitive.Copy _ ->
                Graph.apply(primitive, in);
            case Primitive.Depends _ ->
                batched[0] ? Graph.apply(primitive, in) : widen(Graph.apply(primitive, in), size);
            case Primitive.Fallback fallback -> AcceleratedBatching.batch(fallback, in, batched, size);
            case Primitive.Tuple _, Primitive.Element _ -> throw new AssertionError("the walk handles " + primitive);
            case Primitive.Constant _, Primitive.Iota _ -> throw new AssertionError("no operand to be batched");
            case Primitive.RandomBits _ -> Graph.apply(primitive, in);
            case Primitive.Binary _, Primitive.Select _ -> Graph.apply(primitive, allBatched(in, batched, size));
            case Primitive.Reduce reduce ->
                Graph.apply(new Primitive.Reduce(reduce.op(), reduce.axes().plus(1)), in[0]);
            case Primitive.ArgReduce reduce ->
                Graph.apply(new Primitive.ArgReduce(reduce.op(), reduce.axis() + 1), in[0]);
            case Primitive.Scan s ->
                Graph.apply(new Primitive.Scan(s.op(), s.axis() + 1, s.reverse(), s.inclusive()), in[0]);
            case Primitive.Sort sort -> Graph.apply(new Primitive.Sort(sort.axis() + 1), in[0]);
            case Primitive.ArgSort sort -> Graph.apply(new Primitive.ArgSort(sort.axis() + 1), in[0]);
            case Primitive.Concatenate concatenate ->
                Graph.apply(new Primitive.Concatenate(concatenate.axis() + 1), allBatched(in, batched, size));
            case Primitive.Gather gather -> gather(gather, in, batched, size);
            case Primitive.Scatter scatter -> {
                Array[] operands = allBatched(in, batched, size);
                yield Graph.apply(
                        new Primitive.Scatter(
                                scatter.op(), scatter.axes().plus(1).prepend(0)),
                        withCounter(operands, size));
            }
            case Primitive.SliceUpdate u ->
                Graph.apply(
                        new Primitive.SliceUpdate(
                                u.op(), u.starts().prepend(0), u.steps().prepend(1)),
                        allBatched(in, batched, size));
            case Primitive.MatMul _ -> matmul(in, batched, size);
            case Primitive.Convolution convolution -> convolution(convolution, in, batched, size);
            case Primitive.FourierTransform(var op, int axis, int length, double scale) ->
                Graph.apply(new Primitive.FourierTransform(op, axis + 1, length, scale), in[0]);
            // Leading axes are a batch already.
            case Primitive.Cholesky _ -> Graph.apply(primitive, in);
            case Primitive.TriangularSolve _ -> Graph.apply(primitive, allBatched(in, batched, size));
        };
    }

    /// The results of an instruction that has several, on a batch.
    static List<Array> several(Primitive.Several primitive, Array[] in, boolean[] batched, int size) {
        return switch (primitive) {
            case Primitive.Qr _, Primitive.Svd _, Primitive.Eigh _, Primitive.Eig _, Primitive.Lu _ ->
                // Leading axes are a batch already.
                Graph.applySeveral(primitive, allBatched(in, batched, size));
        };
    }

    /// The operand with axes of size 1 after the batch, up to `rank` axes.
    private static Array padded(Array x, int rank) {
        int missing = rank - x.ndim();
        return x.expandDims(Ints.range(1, missing + 1).toArray());
    }

    /// The operand repeated for the batch.
    static Array widen(Array x, int size) {
        return x.broadcastTo(Shape.of(size).concat(x.shape()));
    }

    /// All operands with the batch.
    static Array[] allBatched(Array[] in, boolean[] batched, int size) {
        Array[] result = in.clone();
        for (int i = 0; i < in.length; i++) {
            if (!batched[i]) {
                result[i] = widen(in[i], size);
            }
        }
        return result;
    }

    /// Inserts, before the index arrays, one that counts the batch.
    private static Array[] withCounter(Array[] operands, int size) {
        Shape index = operands[1].shape();
        int[] along = Ints.fill(index.rank(), 1).toArray();
        along[0] = size;
        Array[] result = new Array[operands.length + 1];
        result[0] = operands[0];
        result[1] = Ops.arange(size).reshape(along).broadcastTo(index);
        System.arraycopy(operands, 1, result, 2, operands.length - 1);
        return result;
    }

    private static Array gather(Primitive.Gather gather, Array[] in, boolean[] batched, int size) {
        boolean indicesBatched = false;
        for (int i = 1; i < in.length; i++) {
            indicesBatched |= batched[i];
        }
        if (!indicesBatched) {
            // One look-up in every array of the batch: the batch is an axis that is not indexed.
            Array result = Graph.apply(new Primitive.Gather(gather.axes().plus(1)), in);
            return result.moveaxis(in[1].ndim(), 0);
        }
        Array[] operands = allBatched(in, batched, size);
        if (!batched[0]) {
            operands[0] = in[0];
            return Graph.apply(gather, operands);
        }
        return Graph.apply(new Primitive.Gather(gather.axes().plus(1).prepend(0)), withCounter(operands, size));
    }

    private static Array matmul(Array[] in, boolean[] batched, int size) {
        Array a = in[0];
        Array b = in[1];
        if (batched[0] && !batched[1] && b.ndim() == 2) {
            return a.matmul(b);
        }
        if (!batched[0] && batched[1] && a.ndim() == 2) {
            // A (b1 b2 …) = (A b1, A b2, …): the batch becomes more columns.
            Array columns = b.moveaxis(0, 1);
            int k = b.dim(1);
            int m = b.dim(2);
            return a.matmul(columns.reshape(k, size * m))
                    .reshape(a.dim(0), size, m)
                    .moveaxis(1, 0);
        }
        return Graph.apply(new Primitive.MatMul(), allBatched(in, batched, size));
    }

    private static Array convolution(Primitive.Convolution c, Array[] in, boolean[] batched, int size) {
        Array x = in[0];
        Array w = in[1];
        if (!batched[1]) {
            // More images.
            Array result = Graph.apply(c, x.flatten(0, 1), w);
            return result.unflatten(0, size, x.dim(1));
        }
        Primitive.Convolution grouped = new Primitive.Convolution(
                c.strides(),
                c.padLow(),
                c.padHigh(),
                c.kernelDilation(),
                c.inputDilation(),
                c.groups() * size,
                c.flip());
        // One group of channels for each kernel of the batch. The groups of a kernel stay together.
        Array wide = batched[0] ? x : widen(x, size);
        Array channels = wide.moveaxis(0, -2).flatten(-2, -1);
        Array result = Graph.apply(grouped, channels, w.flatten(0, 1));
        return result.unflatten(-1, size, w.dim(1)).moveaxis(-2, 0);
    }
}
