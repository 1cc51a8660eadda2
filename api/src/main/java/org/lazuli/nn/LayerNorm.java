package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Fast;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Normalizes the last axis to mean 0 and variance 1, then scales and shifts it by learned parameters.
///
/// Half precision is computed in float32; the result has the type of the input and the parameters.
///
/// See: J. Ba, J. Kiros and G. Hinton, *Layer normalization*, 2016. See also: MLX, *LayerNorm*.
public class LayerNorm extends Module implements Unary {
    /// Shape `(dims)`, ones at first, or null.
    public @Nullable Array weight;

    /// Shape `(dims)`, zeros at first, or null.
    public @Nullable Array bias;

    private final int dims;
    private final Options options;

    public LayerNorm(int dims) {
        this(dims, Options.DEFAULT);
    }

    public LayerNorm(int dims, Options options) {
        this.dims = dims;
        this.options = options;
        weight = options.affine() ? Ops.ones(dims) : null;
        bias = options.affine() && options.bias() ? Ops.zeros(dims) : null;
    }

    /// @param x shape `(…,dims)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        Norms.checkDims("LayerNorm", x, dims);
        return Fast.layerNorm(Norms.inexact(x), weight, bias, options.eps());
    }

    @Override
    protected String extraRepr() {
        return dims + ", eps=" + Repr.of(options.eps()) + ", affine=" + Repr.of(options.affine());
    }

    /// Options of [LayerNorm].
    ///
    /// @param eps what is added to the variance
    /// @param affine whether there are learned parameters
    /// @param bias whether there is a learned shift among them
    public record Options(double eps, boolean affine, boolean bias) {
        public static final Options DEFAULT = new Options(1e-5, true, true);

        public Options withEps(double eps) {
            return new Options(eps, affine, bias);
        }

        public Options withAffine(boolean affine) {
            return new Options(eps, affine, bias);
        }

        public Options withBias(boolean bias) {
            return new Options(eps, affine, bias);
        }
    }
}
