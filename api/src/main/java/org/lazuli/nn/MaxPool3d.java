package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;

/// The largest element of each window over three axes: shape `(N,D,H,W,C)` becomes `(N,D',H',W',C)`.
///
/// The input is surrounded by negative infinity.
///
/// See also: MLX, *MaxPool3d*.
public class MaxPool3d extends Pool {
    /// Windows side by side.
    public MaxPool3d(int kernelSize) {
        this(kernelSize, kernelSize, 0);
    }

    /// @param stride how far the window moves at a time
    /// @param padding how much to put before and after the input
    public MaxPool3d(int kernelSize, int stride, int padding) {
        this(List.of(kernelSize), List.of(stride), List.of(padding));
    }

    /// Lists with one element for all axes, or one for each.
    public MaxPool3d(List<Integer> kernelSize, List<Integer> stride, List<Integer> padding) {
        super(3, kernelSize, stride, padding);
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
