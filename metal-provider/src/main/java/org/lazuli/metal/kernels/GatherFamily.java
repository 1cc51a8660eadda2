package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Reads with index arrays: one thread an element, which is only moved. The indices are checked by a kernel before.
final class GatherFamily implements KernelFamily {
    /// A kernel's own buffers; the index arrays follow.
    private static final int BUFFERS = 6;

    /// Metal numbers a kernel's buffers from 0 to 30.
    static final int MOST_BUFFERS = 31;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Primitive.Gather(var axes) && axes.size() + BUFFERS <= MOST_BUFFERS;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Primitive.Gather gather = (Primitive.Gather) kernel;
        Tensor x = inputs.getFirst();
        Tensor result = outputs.getFirst();
        SliceStarts starts = new SliceStarts(x, gather.axes(), inputs.subList(1, inputs.size()));
        starts.check("take", commands);
        int size = result.shape().size();
        if (size == 0 || starts.isNowhere()) {
            return;
        }
        int slices = starts.count();
        int elements = size / slices;
        Collapsed slice = Collapsed.of(
                starts.rest(x.shape().toArray()),
                new int[][] {starts.rest(x.strides().toArray())});
        boolean single = elements == 1;
        String word = Msl.word(x.dtype().bytes());
        String name = "gather_" + (single ? "single_" : "") + word + starts.suffix();
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> starts.define(KernelText.of("GATHER", name), BUFFERS)
                                .define("ELEMENT", word)
                                .define("SINGLE", single)
                                .with("places", "indices", "gather"))
                .read(x)
                .write(result)
                .ints(slices, elements)
                .ints(starts.layout())
                .ints(starts.axes(x.strides()))
                .ints(Places.layout(slice));
        overSlices(starts.bind(dispatch), slices, elements);
    }

    /// One thread for each element of each slice: slices along the grid's second axis, or if they are single elements along its first.
    static void overSlices(Dispatch dispatch, int slices, int elements) {
        if (elements == 1) {
            dispatch.threads(slices, 1, 1, 256, 1, 1);
        } else {
            int width = Math.min(Integer.highestOneBit(elements), 256);
            dispatch.threads(elements, slices, 1, width, 256 / width, 1);
        }
    }
}
