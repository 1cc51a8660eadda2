package org.lazuli.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// Convolution over two axes, channels last.
///
/// ```java
/// var conv = new Conv2d(1, 16, 3, Conv2d.Options.DEFAULT.withPadding(1));
/// Array y = conv.apply(Ops.zeros(32, 8, 8, 1));        // (32,8,8,16)
/// ```
///
/// The weight is evenly distributed within `sqrt(1 / (inChannels * kernel height * kernel width))` of 0 at first, the
/// bias 0.
///
/// See also: MLX, *Conv2d*.
public class Conv2d extends Module implements Unary {
    /// Shape `(outChannels,kernel height,kernel width,inChannels/groups)`.
    public Array weight;

    /// Shape `(outChannels)`, or null.
    public @Nullable Array bias;

    private final Options options;

    /// With a square kernel.
    public Conv2d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, Options.DEFAULT);
    }

    /// With a square kernel.
    public Conv2d(int inChannels, int outChannels, int kernelSize, Options options) {
        this(inChannels, outChannels, List.of(kernelSize, kernelSize), options);
    }

    /// @param kernelSize height and width of the kernel
    /// @throws IllegalArgumentException if `inChannels` is not a multiple of the number of groups
    public Conv2d(int inChannels, int outChannels, List<Integer> kernelSize, Options options) {
        this.options = options;
        int[] kernel = Kernels.sizes("Conv2d", "the kernel's sizes", 2, kernelSize);
        int channels = Kernels.channelsPerGroup("Conv2d", inChannels, options.groups());
        weight = Weights.uniform(
                Shape.of(outChannels, kernel[0], kernel[1], channels), inChannels * kernel[0] * kernel[1]);
        bias = options.bias() ? Ops.zeros(outChannels) : null;
    }

    /// @param x shape `(N,H,W,inChannels)`
    /// @return shape `(N,H',W',outChannels)`
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array y = Ops.conv2d(
                x,
                weight,
                Kernels.sizes("Conv2d", "strides", 2, options.stride()),
                Kernels.sizes("Conv2d", "paddings", 2, options.padding()),
                Kernels.sizes("Conv2d", "dilations", 2, options.dilation()),
                options.groups());
        return bias == null ? y : y.add(bias);
    }

    @Override
    protected String extraRepr() {
        return weight.dim(3) * options.groups() + ", " + weight.dim(0) + ", kernel_size="
                + Repr.of(List.of(weight.dim(1), weight.dim(2)))
                + ", stride=" + Kernels.text(2, options.stride())
                + ", padding=" + Kernels.text(2, options.padding())
                + ", dilation=" + Kernels.shortText(options.dilation())
                + ", groups=" + options.groups() + ", bias=" + Repr.of(bias != null);
    }

    /// Options of [Conv2d]. The lists have one element for both axes, or one for each.
    ///
    /// @param stride how far the kernel moves at a time
    /// @param padding the zeros before and after the input
    /// @param dilation the distance between elements that the kernel looks at
    /// @param groups the number of groups of channels that do not meet
    /// @param bias whether there is a bias
    public record Options(
            List<Integer> stride, List<Integer> padding, List<Integer> dilation, int groups, boolean bias) {
        public static final Options DEFAULT = new Options(List.of(1), List.of(0), List.of(1), 1, true);

        public Options {
            Kernels.sizes("Conv2d", "strides", 2, stride);
            Kernels.sizes("Conv2d", "paddings", 2, padding);
            Kernels.sizes("Conv2d", "dilations", 2, dilation);
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
            dilation = List.copyOf(dilation);
        }

        public Options withStride(Integer... stride) {
            return new Options(List.of(stride), padding, dilation, groups, bias);
        }

        public Options withPadding(Integer... padding) {
            return new Options(stride, List.of(padding), dilation, groups, bias);
        }

        public Options withDilation(Integer... dilation) {
            return new Options(stride, padding, List.of(dilation), groups, bias);
        }

        public Options withGroups(int groups) {
            return new Options(stride, padding, dilation, groups, bias);
        }

        public Options withBias(boolean bias) {
            return new Options(stride, padding, dilation, groups, bias);
        }
    }
}
