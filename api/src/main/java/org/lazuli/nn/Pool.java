package org.lazuli.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Layers that make one value of each window of the spatial axes: those between the first and the last.
abstract class Pool extends Module implements Unary {
    private final int[] kernel;
    private final int[] stride;
    private final int[] padding;

    /// @param axes the number of spatial axes
    Pool(int axes, List<Integer> kernelSize, List<Integer> stride, List<Integer> padding) {
        String layer = getClass().getSimpleName();
        this.kernel = Kernels.sizes(layer, "the kernel's sizes", axes, kernelSize);
        this.stride = Kernels.sizes(layer, "strides", axes, stride);
        this.padding = Kernels.sizes(layer, "paddings", axes, padding);
        if (Arrays.stream(kernel).anyMatch(size -> size < 1)
                || Arrays.stream(this.stride).anyMatch(size -> size < 1)
                || Arrays.stream(this.padding).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException(layer + ": kernel sizes and strides must be positive and paddings not"
                    + " negative: " + kernelSize + ", " + stride + ", " + padding);
        }
    }

    /// What to surround the input with.
    abstract double paddingValue();

    /// One value of the elements along the axes.
    abstract Array reduce(Array windows, Axes axes);

    @Override
    public Array apply(Array x) {
        int axes = kernel.length;
        if (x.ndim() != axes + 2) {
            throw new IllegalArgumentException(getClass().getSimpleName() + ": the input must have " + (axes + 2)
                    + " axes, a batch, " + axes + " to pool over and channels, but its shape is " + x.shape());
        }
        Array padded = pad(x);
        for (int i = 0; i < axes; i++) {
            if (padded.dim(i + 1) < kernel[i]) {
                throw new IllegalArgumentException(getClass().getSimpleName() + ": a window of " + kernel[i]
                        + " does not fit axis " + (i + 1) + " of the input of shape " + x.shape() + " with padding "
                        + padding[i] + ": use a smaller kernel");
            }
        }
        return isPartition() ? poolParts(whole(padded)) : poolWindows(padded);
    }

    private Array pad(Array x) {
        if (Arrays.stream(padding).allMatch(size -> size == 0)) {
            return x;
        }
        int[][] widths = new int[x.ndim()][2];
        for (int i = 0; i < padding.length; i++) {
            widths[i + 1] = new int[] {padding[i], padding[i]};
        }
        return Ops.pad(x, widths, paddingValue());
    }

    /// Whether no element is in two windows or between them.
    private boolean isPartition() {
        return Arrays.equals(kernel, stride);
    }

    /// Without what is left over at the ends.
    private Array whole(Array x) {
        if (IntStream.range(0, kernel.length).allMatch(i -> x.dim(i + 1) % kernel[i] == 0)) {
            return x;
        }
        Index[] parts = new Index[kernel.length + 1];
        parts[0] = Index.all();
        for (int i = 0; i < kernel.length; i++) {
            parts[i + 1] = Index.span(0, x.dim(i + 1) / kernel[i] * kernel[i]);
        }
        return x.get(parts);
    }

    private Array poolParts(Array x) {
        int[] shape = new int[2 + 2 * kernel.length];
        int[] inner = new int[kernel.length];
        shape[0] = x.dim(0);
        shape[shape.length - 1] = x.dim(-1);
        for (int i = 0; i < kernel.length; i++) {
            shape[2 * i + 1] = x.dim(i + 1) / kernel[i];
            shape[2 * i + 2] = kernel[i];
            inner[i] = 2 * i + 2;
        }
        return reduce(x.reshape(shape), Axes.of(inner));
    }

    private Array poolWindows(Array x) {
        Array windows = x;
        int[] last = new int[kernel.length];
        for (int i = 0; i < kernel.length; i++) {
            windows = windows.slidingWindows(i + 1, kernel[i], stride[i]);
            last[i] = -1 - i;
        }
        return reduce(windows, Axes.of(last));
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + tuple(kernel) + ", stride=" + tuple(stride) + ", padding=" + tuple(padding);
    }

    private static String tuple(int... sizes) {
        return Repr.of(Arrays.stream(sizes).boxed().toList());
    }
}
