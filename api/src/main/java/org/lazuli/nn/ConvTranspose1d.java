package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;

/// Transposed convolution over one axis, channels last: every element of the input writes a kernel into the output, so that a
/// stride makes the output larger.
///
/// ```java
/// var layer = new ConvTranspose1d(16, 8, 2, ConvTransposeOptions.DEFAULT.withStride(2));
/// Array y = layer.apply(Ops.zeros(2, 10, 16));      // (2,20,8)
/// ```
///
/// Each spatial axis of size `n` becomes one of size
/// `(n - 1) * stride - 2 * padding + dilation * (kernelSize - 1) + outputPadding + 1`.
///
/// The weight is evenly distributed within `sqrt(1 / (inChannels * kernelSize))` of 0 at first, the bias 0.
///
/// See also: MLX, *ConvTranspose1d*.
public class ConvTranspose1d extends TransposedConvolution {
    public ConvTranspose1d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, ConvTransposeOptions.DEFAULT);
    }

    public ConvTranspose1d(int inChannels, int outChannels, int kernelSize, ConvTransposeOptions options) {
        super(1, inChannels, outChannels, List.of(kernelSize), options);
    }

    /// @param x shape `(N,L,inChannels)`
    /// @return shape `(N,L',outChannels)`
    @Override
    public Array apply(Array x) {
        return super.apply(x);
    }

    @Override
    Array convolve(Array x, Array weight, int[] stride, int[] padding, int[] dilation, int[] outputPadding) {
        return Ops.convTranspose1d(x, weight, stride[0], padding[0], dilation[0], outputPadding[0], 1);
    }
}
