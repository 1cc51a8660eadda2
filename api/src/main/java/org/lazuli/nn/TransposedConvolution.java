package org.lazuli.nn;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// What the transposed convolutions share.
abstract class TransposedConvolution extends Module implements Unary {
    /// Shape `(outChannels,kernel…,inChannels)`.
    public Array weight;

    /// Shape `(outChannels)`, or null.
    public @Nullable Array bias;

    private final ConvTransposeOptions options;

    private final int[] stride;
    private final int[] padding;
    private final int[] dilation;
    private final int[] outputPadding;

    /// @param axes the number of spatial axes
    TransposedConvolution(
            int axes, int inChannels, int outChannels, List<Integer> kernelSize, ConvTransposeOptions options) {
        String layer = getClass().getSimpleName();
        this.options = options;
        int[] kernel = Kernels.sizes(layer, "the kernel's sizes", axes, kernelSize);
        stride = Kernels.sizes(layer, "strides", axes, options.stride());
        padding = Kernels.sizes(layer, "paddings", axes, options.padding());
        dilation = Kernels.sizes(layer, "dilations", axes, options.dilation());
        outputPadding = Kernels.sizes(layer, "output paddings", axes, options.outputPadding());
        Shape shape = Shape.of(outChannels).concat(Shape.of(kernel)).concat(Shape.of(inChannels));
        weight = Weights.uniform(shape, inChannels * Arrays.stream(kernel).reduce(1, (a, b) -> a * b));
        bias = options.bias() ? Ops.zeros(outChannels) : null;
    }

    abstract Array convolve(Array x, Array weight, int[] stride, int[] padding, int[] dilation, int[] outputPadding);

    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array y = convolve(x, weight, stride, padding, dilation, outputPadding);
        return bias == null ? y : y.add(bias);
    }

    @Override
    protected String extraRepr() {
        int axes = stride.length;
        List<Integer> kernel = Arrays.stream(weight.shape().slice(1, axes + 1).toArray())
                .boxed()
                .toList();
        return weight.dim(-1) + ", " + weight.dim(0) + ", kernel_size=" + Kernels.text(axes, kernel)
                + ", stride=" + Kernels.text(axes, options.stride())
                + ", padding=" + Kernels.text(axes, options.padding())
                + ", dilation=" + Kernels.shortText(options.dilation())
                + ", output_padding=" + Kernels.text(axes, options.outputPadding())
                + ", bias=" + Repr.of(bias != null);
    }
}
