package org.lazuli.nn;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Normalizes each feature, along the last axis, of each example to mean 0 and variance 1 over the axes between, then scales and shifts it
/// by learned parameters if wanted.
///
/// `y = (x - mean) / sqrt(variance + eps) * weight + bias`
///
/// See: D. Ulyanov, A. Vedaldi and V. Lempitsky, *Instance normalization*, 2016. See also: MLX, *InstanceNorm*.
public class InstanceNorm extends Module implements Unary {
    /// Shape `(dims)`, ones at first, or null.
    public @Nullable Array weight;

    /// Shape `(dims)`, zeros at first, or null.
    public @Nullable Array bias;

    private final int dims;
    private final Options options;

    /// Without parameters.
    public InstanceNorm(int dims) {
        this(dims, Options.DEFAULT);
    }

    public InstanceNorm(int dims, Options options) {
        this.dims = dims;
        this.options = options;
        weight = options.affine() ? Ops.ones(dims) : null;
        bias = options.affine() ? Ops.zeros(dims) : null;
    }

    /// @param x shape `(N,…,dims)`, with at least one axis between
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        Norms.checkDims("InstanceNorm", x, dims);
        if (x.ndim() < 3) {
            throw new IllegalArgumentException("InstanceNorm: the input must have an axis between the first and the"
                    + " last to normalize over, but its shape is " + x.shape());
        }
        Axes between = Axes.of(IntStream.range(1, x.ndim() - 1).toArray()).keepDims();
        Array normal = Norms.normalize(x, between, options.eps());
        Array weight = this.weight;
        Array bias = this.bias;
        return weight == null || bias == null ? normal : weight.mul(normal).add(bias);
    }

    @Override
    protected String extraRepr() {
        return dims + ", eps=" + Repr.of(options.eps()) + ", affine=" + Repr.of(options.affine());
    }

    /// Options of [InstanceNorm].
    ///
    /// @param eps what is added to the variance
    /// @param affine whether there are learned parameters
    public record Options(double eps, boolean affine) {
        public static final Options DEFAULT = new Options(1e-5, false);

        public Options withEps(double eps) {
            return new Options(eps, affine);
        }

        public Options withAffine(boolean affine) {
            return new Options(eps, affine);
        }
    }
}
