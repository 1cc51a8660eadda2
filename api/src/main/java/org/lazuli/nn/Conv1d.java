package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// Convolution over one axis, channels last.
///
/// The weight is evenly distributed within `sqrt(1 / (inChannels * kernelSize))` of 0 at first, the bias 0.
///
/// See also: MLX, *Conv1d*.
public class Conv1d extends Module implements Unary {
    /// Shape `(outChannels,kernelSize,inChannels/groups)`.
    public Array weight;

    /// Shape `(outChannels)`, or null.
    public @Nullable Array bias;

    private final Options options;

    public Conv1d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, Options.DEFAULT);
    }

    /// @throws IllegalArgumentException if `inChannels` is not a multiple of the number of groups
    public Conv1d(int inChannels, int outChannels, int kernelSize, Options options) {
        this.options = options;
        int channels = Kernels.channelsPerGroup("Conv1d", inChannels, options.groups());
        weight = Weights.uniform(Shape.of(outChannels, kernelSize, channels), inChannels * kernelSize);
        bias = options.bias() ? Ops.zeros(outChannels) : null;
    }

    /// @param x shape `(N,L,inChannels)`
    /// @return shape `(N,L',outChannels)`
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array y = Ops.conv1d(x, weight, options.stride(), options.padding(), options.dilation(), options.groups());
        return bias == null ? y : y.add(bias);
    }

    @Override
    protected String extraRepr() {
        return weight.dim(2) * options.groups() + ", " + weight.dim(0) + ", kernel_size=" + weight.dim(1)
                + ", stride=" + options.stride() + ", padding=" + options.padding() + ", dilation="
                + options.dilation() + ", groups=" + options.groups() + ", bias=" + Repr.of(bias != null);
    }

    /// Options of [Conv1d].
    ///
    /// @param stride how far the kernel moves at a time
    /// @param padding the zeros before and after the input
    /// @param dilation the distance between elements that the kernel looks at
    /// @param groups the number of groups of channels that do not meet
    /// @param bias whether there is a bias
    public record Options(int stride, int padding, int dilation, int groups, boolean bias) {
        public static final Options DEFAULT = new Options(1, 0, 1, 1, true);

        public Options withStride(int stride) {
            return new Options(stride, padding, dilation, groups, bias);
        }

        public Options withPadding(int padding) {
            return new Options(stride, padding, dilation, groups, bias);
        }

        public Options withDilation(int dilation) {
            return new Options(stride, padding, dilation, groups, bias);
        }

        public Options withGroups(int groups) {
            return new Options(stride, padding, dilation, groups, bias);
        }

        public Options withBias(boolean bias) {
            return new Options(stride, padding, dilation, groups, bias);
        }
    }
}
