package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Writes with index arrays. Updates of one element are combined one after another in their order, by one thread, so the result is the same every time:
/// atomic operations on floating point numbers would add in any order.
///
/// A few updates find those of the same slice by looking through all. Many are sorted by their slices first, so that those of a slice
/// lie together. The sort dominates then; beyond it the cost is that of the updates, except where very many go to one element, which are added up by a
/// single thread.
final class ScatterFamily implements KernelFamily {
    /// A kernel's own buffers; the index arrays follow.
    private static final int BUFFERS = 4;

    /// So many updates are looked through by every thread.
    static final int FEW = 128;

    private static final Primitive.ArgSort SORT = new Primitive.ArgSort(0);

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        if (!(kernel instanceof Primitive.Scatter(var _, var axes))
                || axes.size() + BUFFERS > GatherFamily.MOST_BUFFERS) {
            return false;
        }
        int slices = axes.size() == 0 ? 1 : inputs.get(1).shape().size();
        return slices <= FEW || Nested.isSupported(SORT, new TensorSpec(DType.INT32, Shape.of(slices)));
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Primitive.Scatter scatter = (Primitive.Scatter) kernel;
        Tensor x = inputs.getFirst();
        Tensor updates = inputs.getLast();
        Tensor result = outputs.getFirst();
        SliceStarts starts = new SliceStarts(x, scatter.axes(), inputs.subList(1, inputs.size() - 1));
        starts.check("update", commands);
        CopyFamily.copy(x, result, commands);
        int size = updates.shape().size();
        if (size == 0 || starts.isNowhere()) {
            return;
        }
        int slices = starts.count();
        Tensor begins = begins(starts, result, slices, commands);
        boolean sorted = slices > FEW;
        Tensor order = begins;
        if (sorted) {
            order = commands.temporary(DType.UINT32, slices);
            Nested.encode(SORT, begins, order, commands);
        }
        combine(scatter.op(), starts, updates, begins, order, sorted, result, commands);
    }

    /// Where the slice of each update begins in the result.
    private static Tensor begins(SliceStarts starts, Tensor result, int slices, Commands commands) {
        Tensor begins = commands.temporary(DType.INT32, slices);
        String name = "slice_starts" + starts.suffix();
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> starts.define(KernelText.of("SLICE_STARTS", name), BUFFERS)
                                .with("places", "indices", "slice_starts"))
                .write(begins)
                .ints(slices)
                .ints(starts.layout())
                .ints(starts.axes(result.strides()));
        starts.bind(dispatch).threads(slices);
        return begins;
    }

    private static void combine(
            UpdateOp op,
            SliceStarts starts,
            Tensor updates,
            Tensor begins,
            Tensor order,
            boolean sorted,
            Tensor result,
            Commands commands) {
        int slices = starts.count();
        int elements = updates.shape().size() / slices;
        int[] sliceSizes = starts.rest(result.shape().toArray());
        int[] sliceStrides = starts.rest(result.strides().toArray());
        int outer = updates.shape().rank() - sliceSizes.length;
        int[] within = new int[sliceSizes.length];
        for (int axis = 0; axis < within.length; axis++) {
            within[axis] = updates.strides().get(outer + axis);
        }
        boolean single = elements == 1;
        String name = "scatter_" + (sorted ? "sorted_" : "") + (single ? "single_" : "")
                + UpdateText.suffix(op, result.dtype());
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> UpdateText.define(KernelText.of("SCATTER", name), op, result.dtype(), false)
                                .define("SORTED", sorted)
                                .define("SINGLE", single)
                                .with("places", "updates", "scatter"))
                .read(updates)
                .read(begins)
                .read(order)
                .readWrite(result)
                .ints(slices, elements)
                .ints(Places.layout(Places.leading(outer, updates)))
                .ints(Places.layout(Collapsed.of(sliceSizes, new int[][] {within, sliceStrides})));
        GatherFamily.overSlices(dispatch, slices, elements);
    }
}
