package org.lazuli.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// Convolution over three axes, channels last.
///
/// ```java
/// var conv = new Conv3d(1, 16, 3, Conv3d.Options.DEFAULT.withPadding(1));
/// Array y = conv.apply(Ops.zeros(2, 8, 8, 8, 1));      // (2,8,8,8,16)
/// ```
///
/// The weight is evenly distributed within `sqrt(1 / (inChannels * kernel depth * kernel height * kernel width))` of 0 at first, the bias
/// 0.
///
/// See also: MLX, *Conv3d*.
public class Conv3d extends Module implements Unary {
    /// Shape `(outChannels,kernel depth,kernel height,kernel width,inChannels)`.
    public Array weight;

    /// Shape `(outChannels)`, or null.
    public @Nullable Array bias;

    private final Options options;

    /// With a cube as kernel.
    public Conv3d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, Options.DEFAULT);
    }

    /// With a cube as kernel.
    public Conv3d(int inChannels, int outChannels, int kernelSize, Options options) {
        this(inChannels, outChannels, List.of(kernelSize), options);
    }

    /// @param kernelSize depth, height and width of the kernel
    public Conv3d(int inChannels, int outChannels, List<Integer> kernelSize, Options options) {
        this.options = options;
        int[] kernel = Kernels.sizes("Conv3d", "the kernel's sizes", 3, kernelSize);
        weight = Weights.uniform(
                Shape.of(outChannels, kernel[0], kernel[1], kernel[2], inChannels),
                inChannels * kernel[0] * kernel[1] * kernel[2]);
        bias = options.bias() ? Ops.zeros(outChannels) : null;
    }

    /// @param x shape `(N,D,H,W,inChannels)`
    /// @return shape `(N,D',H',W',outChannels)`
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array y = Ops.conv3d(
                x,
                weight,
                Kernels.sizes("Conv3d", "strides", 3, options.stride()),
                Kernels.sizes("Conv3d", "paddings", 3, options.padding()),
                Kernels.sizes("Conv3d", "dilations", 3, options.dilation()),
                1);
        return bias == null ? y : y.add(bias);
    }

    @Override
    protected String extraRepr() {
        return weight.dim(4) + ", " + weight.dim(0) + ", kernel_size="
                + Repr.of(List.of(weight.dim(1), weight.dim(2), weight.dim(3)))
                + ", stride=" + Kernels.text(3, options.stride())
                + ", padding=" + Kernels.text(3, options.padding())
                + ", dilation=" + Kernels.shortText(options.dilation())
                + ", bias=" + Repr.of(bias != null);
    }

    /// Options of [Conv3d]. The lists have one element for all axes, or one for each.
    ///
    /// @param stride how far the kernel moves at a time
    /// @param padding the zeros before and after the input
    /// @param dilation the distance between elements that the kernel looks at
    /// @param bias whether there is a bias
    public record Options(List<Integer> stride, List<Integer> padding, List<Integer> dilation, boolean bias) {
        public static final Options DEFAULT = new Options(List.of(1), List.of(0), List.of(1), true);

        public Options {
            Kernels.sizes("Conv3d", "strides", 3, stride);
            Kernels.sizes("Conv3d", "paddings", 3, padding);
            Kernels.sizes("Conv3d", "dilations", 3, dilation);
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
            dilation = List.copyOf(dilation);
        }

        public Options withStride(Integer... stride) {
            return new Options(List.of(stride), padding, dilation, bias);
        }

        public Options withPadding(Integer... padding) {
            return new Options(stride, List.of(padding), dilation, bias);
        }

        public Options withDilation(Integer... dilation) {
            return new Options(stride, padding, List.of(dilation), bias);
        }

        public Options withBias(boolean bias) {
            return new Options(stride, padding, dilation, bias);
        }
    }
}
