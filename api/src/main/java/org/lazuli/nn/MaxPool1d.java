package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;

/// The largest element of each window over one axis: shape `(N,L,C)` becomes `(N,L',C)`.
///
/// The input is surrounded by negative infinity.
///
/// See also: MLX, *MaxPool1d*.
public class MaxPool1d extends Pool {
    /// Windows side by side.
    public MaxPool1d(int kernelSize) {
        this(kernelSize, kernelSize, 0);
    }

    /// @param stride how far the window moves at a time
    /// @param padding how much to put before and after the input
    public MaxPool1d(int kernelSize, int stride, int padding) {
        this(List.of(kernelSize), List.of(stride), List.of(padding));
    }

    /// Lists with one element for all axes, or one for each.
    public MaxPool1d(List<Integer> kernelSize, List<Integer> stride, List<Integer> padding) {
        super(1, kernelSize, stride, padding);
    }

    @Override
    double paddingValue() {
        return Double.NEGATIVE_INFINITY;
    }

    @Override
    Array reduce(Array windows, Axes axes) {
        return windows.max(axes);
    }
}
