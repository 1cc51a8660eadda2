package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;

/// Norms of vectors and matrices.
public final class Norms {
    private Norms() {}

    public static Array euclidean(Array x, Axes axes) {
        Array values = Elementwise.cast(x, Elementwise.inexact(x.dtype()));
        Array squares = values.dtype().isComplex() ? values.abs().square() : values.square();
        return squares.sum(axes).sqrt();
    }

    public static Array norm(Array x, double order, Axes axes) {
        int[] along = axes.resolve(x.shape(), "norm");
        return switch (along.length) {
            case 1 -> vector(x, order, axes);
            case 2 -> matrix(x, order, axes);
            default ->
                throw new IllegalArgumentException(
                        "norm: order " + order + " needs one axis or two, got " + axes + " of shape " + x.shape());
        };
    }

    private static Array vector(Array x, double order, Axes axes) {
        Array magnitudes = magnitudes(x);
        if (order == Double.POSITIVE_INFINITY) {
            return magnitudes.max(axes);
        }
        if (order == Double.NEGATIVE_INFINITY) {
            return magnitudes.min(axes);
        }
        if (order == 0) {
            return x.ne(0).astype(magnitudes.dtype()).sum(axes);
        }
        if (order == 1) {
            return magnitudes.sum(axes);
        }
        if (order == 2) {
            return euclidean(x, axes);
        }
        return magnitudes.pow(order).sum(axes).pow(1 / order);
    }

    private static Array matrix(Array x, double order, Axes axes) {
        boolean columns = Math.abs(order) == 1;
        if (!columns && !Double.isInfinite(order)) {
            throw new IllegalArgumentException(
                    "norm: a matrix has no norm of order " + order + "; use 1, -1 or an infinity, or leave it out");
        }
        // The axes as they were given: the first runs along the columns, the second along the rows.
        int[] given = axes.given(x.shape(), "norm");
        Array sums = magnitudes(x).sum(Axes.of(columns ? given[0] : given[1]).keepDims());
        Axes both = Axes.of(given).keepDims();
        Array norm = order > 0 ? sums.max(both) : sums.min(both);
        return axes.keepsDims() ? norm : norm.squeeze(given);
    }

    private static Array magnitudes(Array x) {
        DType dtype = Elementwise.inexact(x.dtype());
        return Elementwise.cast(x, dtype).abs();
    }
}
