package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Gradients of maxima and minima along axes, which pooling is made of: see [org.lazuli.spi.Accelerated.ExtremeGradient].
final class ExtremeGradients {
    /// Elements to a part for one thread.
    private static final int GRAIN = 1 << 14;

    /// Blocks that are enough for an epilogue behind each of them.
    private static final int FEWEST_BLOCKS = 8;

    private static final WindowLoops PLAIN = new WindowLoops();

    private final WindowLoops fast;

    /// @param vectors what long operands are computed with; null for plain loops
    ExtremeGradients(@Nullable VectorSupport vectors) {
        fast = vectors == null ? PLAIN : vectors.windows();
    }

    /// @param epilogue runs on all of the output
    void run(Ints axes, Tensor input, Tensor extremes, Tensor cotangent, Tensor output, Epilogue epilogue) {
        float[] x = elements(input);
        float[] y = elements(extremes);
        float[] g = elements(cotangent);
        DType dtype = output.dtype();
        boolean direct = dtype == DType.FLOAT32;
        float[] o = direct ? (float[]) Storage.array(output) : new float[x.length];
        Windows windows = new Windows(output.shape(), axes);
        int n = windows.inner;
        // What lies before the first of the axes splits results and elements alike.
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < axes.size(); i++) {
            first = Math.min(first, axes.get(i));
        }
        int blocks = 1;
        for (int axis = 0; axis < Math.min(first, output.shape().rank()); axis++) {
            blocks *= output.shape().dim(axis);
        }
        boolean apart = direct && epilogue != Epilogue.NONE && blocks >= FEWEST_BLOCKS;
        int whole = apart ? windows.count / blocks : 1;
        int grain = Math.max(GRAIN / Math.max(n * windows.offsets.length * whole, 1), 1) * whole;
        int each = n * windows.offsets.length;
        Workers.SHARED.run((windows.count + grain - 1) / grain, part -> {
            int to = Math.min((part + 1) * grain, windows.count);
            int at = windows.position(part * grain);
            for (int i = part * grain; i < to; i++) {
                fast.share(x, at, y, g, i * n, windows.offsets, o, at, n);
                at = i + 1 < to ? windows.next(i, at) : at;
            }
            if (apart) {
                epilogue.run(part * grain * each, to * each);
            }
        });
        if (!direct) {
            Conversions.narrow(
                    dtype, o, Storage.array(output), 0, output.shape().size());
        }
        if (!apart) {
            Convolutions.finish(epilogue, output.shape().size());
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
