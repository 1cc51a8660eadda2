package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.graph.Region;
import org.lazuli.spi.Primitive;

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
        if (Math.abs(order) == 2) {
            Array values = singularValues(x, axes, "norm");
            return keep(order > 0 ? values.max(-1) : values.min(-1), x, axes);
        }
        boolean columns = Math.abs(order) == 1;
        if (!columns && !Double.isInfinite(order)) {
            throw new IllegalArgumentException("norm: a matrix has no norm of order " + order
                    + "; use 1, -1, 2, -2 or an infinity, or leave it out");
        }
        // The axes as they were given: the first runs along the columns, the second along the rows.
        int[] given = axes.given(x.shape(), "norm");
        Array sums = magnitudes(x).sum(Axes.of(columns ? given[0] : given[1]).keepDims());
        Axes both = Axes.of(given).keepDims();
        Array norm = order > 0 ? sums.max(both) : sums.min(both);
        return axes.keepsDims() ? norm : norm.squeeze(given);
    }

    public static Array nuclear(Array x, Axes axes) {
        if (axes.resolve(x.shape(), "nuclear").length != 2) {
            throw new IllegalArgumentException(
                    "nuclear: needs the two axes of matrices, got " + axes + " of shape " + x.shape());
        }
        return Region.own(() -> keep(singularValues(x, axes, "nuclear").sum(-1), x, axes));
    }

    /// The singular values of the matrices along two axes, as a last axis.
    private static Array singularValues(Array x, Axes axes, String name) {
        int[] given = axes.given(x.shape(), name);
        Array last = Elementwise.cast(x, Elementwise.inexact(x.dtype()))
                .moveaxis(given[0], -1)
                .moveaxis(given[1] > given[0] ? given[1] - 1 : given[1], -1);
        // Small types have no decompositions of their own.
        boolean narrow = last.dtype() == DType.FLOAT16 || last.dtype() == DType.BFLOAT16;
        Array values = Matrices.svd(narrow ? last.astype(DType.FLOAT32) : last, Primitive.Vectors.NONE)
                .get(0);
        return narrow ? values.astype(last.dtype()) : values;
    }

    /// Puts the axes back that a reduction has taken, if they are to be kept.
    private static Array keep(Array reduced, Array x, Axes axes) {
        return axes.keepsDims() ? reduced.expandDims(axes.resolve(x.shape(), "norm")) : reduced;
    }

    private static Array magnitudes(Array x) {
        DType dtype = Elementwise.inexact(x.dtype());
        return Elementwise.cast(x, dtype).abs();
    }
}
