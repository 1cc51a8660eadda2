package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;

/// Transposed convolution over two axes, channels last: every element of the input writes a kernel into the output, so that a
/// stride makes the output larger.
///
/// ```java
/// var layer = new ConvTranspose2d(16, 8, 2, ConvTransposeOptions.DEFAULT.withStride(2));
/// Array y = layer.apply(Ops.zeros(2, 8, 8, 16));      // (2,16,16,8)
/// ```
///
/// Each spatial axis of size `n` becomes one of size
/// `(n - 1) * stride - 2 * padding + dilation * (kernelSize - 1) + outputPadding + 1`.
///
/// The weight is evenly distributed within `sqrt(1 / (inChannels * kernel height * kernel width))` of 0 at first, the bias 0.
///
/// See also: MLX, *ConvTranspose2d*.
public class ConvTranspose2d extends TransposedConvolution {
    /// With a square kernel.
    public ConvTranspose2d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, ConvTransposeOptions.DEFAULT);
    }

    /// With a square kernel.
    public ConvTranspose2d(int inChannels, int outChannels, int kernelSize, ConvTransposeOptions options) {
        this(inChannels, outChannels, List.of(kernelSize), options);
    }

    /// @param kernelSize height and width of the kernel
    public ConvTranspose2d(int inChannels, int outChannels, List<Integer> kernelSize, ConvTransposeOptions options) {
        super(2, inChannels, outChannels, kernelSize, options);
    }

    /// @param x shape `(N,H,W,inChannels)`
    /// @return shape `(N,H',W',outChannels)`
    @Override
    public Array apply(Array x) {
        return super.apply(x);
    }

    @Override
    Array convolve(Array x, Array weight, int[] stride, int[] padding, int[] dilation, int[] outputPadding) {
        return Ops.convTranspose2d(x, weight, stride, padding, dilation, outputPadding, 1);
    }
}
