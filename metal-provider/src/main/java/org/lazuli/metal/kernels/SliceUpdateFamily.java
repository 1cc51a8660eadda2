package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.SliceUpdate;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Writes to every so-manieth element along each axis: a copy of the whole, then one thread an element of the update.
final class SliceUpdateFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof SliceUpdate;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        SliceUpdate slice = (SliceUpdate) kernel;
        Tensor x = inputs.get(0);
        Tensor update = inputs.get(1);
        Tensor result = outputs.getFirst();
        int rank = update.shape().rank();
        int size = update.shape().size();
        int[] strides = new int[rank];
        int first = 0;
        for (int axis = 0; axis < rank && size > 0; axis++) {
            check(slice, axis, update.shape().dim(axis), x.shape().dim(axis));
            first += slice.starts().get(axis) * result.strides().get(axis);
            strides[axis] = slice.steps().get(axis) * result.strides().get(axis);
        }
        CopyFamily.copy(x, result, commands);
        if (size == 0) {
            return;
        }
        UpdateOp op = slice.op();
        String name = "slice_update_" + UpdateText.suffix(op, result.dtype());
        commands.kernel(
                        name,
                        () -> UpdateText.define(KernelText.of("SLICE_UPDATE", name), op, result.dtype(), true)
                                .with("places", "updates", "slice_update"))
                .read(update)
                .readWrite(result)
                .ints(size, first)
                .ints(Places.layout(Collapsed.of(
                        update.shape().toArray(), new int[][] {update.strides().toArray(), strides})))
                .threads(size);
    }

    private static void check(SliceUpdate slice, int axis, int count, int length) {
        int first = slice.starts().get(axis);
        int last = first + (count - 1) * slice.steps().get(axis);
        if (first < 0 || first >= length || last < 0 || last >= length) {
            throw new IndexOutOfBoundsException("slice update: elements " + first + " to " + last
                    + " are out of bounds for axis " + axis + " with size " + length);
        }
    }
}
