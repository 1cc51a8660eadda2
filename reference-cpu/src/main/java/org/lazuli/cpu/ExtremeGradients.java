package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Gradients of maxima and minima along axes, which pooling is made of: see [org.lazuli.spi.Accelerated.ExtremeGradient].
final class ExtremeGradients {
    /// Elements to a part for one thread.
    private static final int GRAIN = 1 << 14;

    private static final WindowLoops PLAIN = new WindowLoops();

    private final WindowLoops fast;

    /// @param vectors what long operands are computed with; null for plain loops
    ExtremeGradients(@Nullable VectorSupport vectors) {
        fast = vectors == null ? PLAIN : vectors.windows();
    }

    void run(Ints axes, Tensor input, Tensor extremes, Tensor cotangent, Tensor output) {
        Windows inPlace = input.dtype() == DType.FLOAT32 ? Windows.of(input, axes) : null;
        float[] x = inPlace != null ? (float[]) Storage.array(input) : elements(input);
        float[] y = elements(extremes);
        float[] g = elements(cotangent);
        DType dtype = output.dtype();
        boolean direct = dtype == DType.FLOAT32;
        int size = output.shape().size();
        float[] o = direct ? (float[]) Storage.array(output) : new float[size];
        Windows shares = Windows.of(output.shape(), axes);
        Windows windows = inPlace != null ? inPlace : shares;
        windows.run(GRAIN, (first, count) -> fast.share(x, windows, y, g, o, shares, first, count));
        if (!direct) {
            Conversions.narrow(dtype, o, Storage.array(output), 0, size);
        }
    }

    /// All elements in row-major order, the array itself if they lie in it so.
    private static float[] elements(Tensor tensor) {
        if (tensor.dtype() == DType.FLOAT32 && tensor.offset() == 0 && tensor.isContiguous()) {
            return (float[]) Storage.array(tensor);
        }
        return (float[]) Widened.contiguous(tensor);
    }
}
