package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Fast;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Divides the last axis by the root of its mean square, then scales it by learned parameters.
///
/// Half precision is computed in float32; the result has the type of the input and the parameters.
///
/// See: B. Zhang and R. Sennrich, *Root mean square layer normalization*, 2019. See also: MLX, *RMSNorm*.
public class RMSNorm extends Module implements Unary {
    /// Shape `(dims)`, ones at first.
    public Array weight;

    private final double eps;

    /// With `eps` = 1e-5.
    public RMSNorm(int dims) {
        this(dims, 1e-5);
    }

    /// @param eps what is added to the mean square
    public RMSNorm(int dims, double eps) {
        weight = Ops.ones(dims);
        this.eps = eps;
    }

    /// @param x shape `(…,dims)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        Norms.checkDims("RMSNorm", x, weight.dim(0));
        return Fast.rmsNorm(Norms.inexact(x), weight, eps);
    }

    @Override
    protected String extraRepr() {
        return weight.dim(0) + ", eps=" + Repr.of(eps);
    }
}
