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
        float[] x = elements(input);
        float[] y = elements(extremes);
        float[] g = elements(cotangent);
        DType dtype = output.dtype();
        boolean direct = dtype == DType.FLOAT32;
        float[] o = direct ? (float[]) Storage.array(output) : new float[x.length];
        Windows windows = new Windows(output.shape(), axes);
        int n = windows.inner;
        int grain = Math.max(GRAIN / Math.max(n * windows.offsets.length, 1), 1);
        Workers.SHARED.run((windows.count + grain - 1) / grain, part -> {
            for (int i = part * grain; i < Math.min((part + 1) * grain, windows.count); i++) {
                int at = windows.position(i);
                fast.share(x, at, y, g, i * n, windows.offsets, o, at, n);
            }
        });
        if (!direct) {
            Conversions.narrow(
                    dtype, o, Storage.array(output), 0, output.shape().size());
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
