package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;

/// The mean of each window over three axes: shape `(N,D,H,W,C)` becomes `(N,D',H',W',C)`.
///
/// The input is surrounded by zeros, which count.
///
/// See also: MLX, *AvgPool3d*.
public class AvgPool3d extends Pool {
    /// Windows side by side.
    public AvgPool3d(int kernelSize) {
        this(kernelSize, kernelSize, 0);
    }

    /// @param stride how far the window moves at a time
    /// @param padding how much to put before and after the input
    public AvgPool3d(int kernelSize, int stride, int padding) {
        this(List.of(kernelSize), List.of(stride), List.of(padding));
    }

    /// Lists with one element for all axes, or one for each.
    public AvgPool3d(List<Integer> kernelSize, List<Integer> stride, List<Integer> padding) {
        super(3, kernelSize, stride, padding);
    }

    @Override
    double paddingValue() {
        return 0;
    }

    @Override
    Array reduce(Array windows, Axes axes) {
        return windows.mean(axes);
    }
}
