package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Fast;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Normalizes groups of features, along the last axis, of each example to mean 0 and variance 1 over the axes between and the group, then
/// scales and shifts each feature by learned parameters.
///
/// `y = (x - mean) / sqrt(variance + eps) * weight + bias`
///
/// Feature `i` belongs to group `i % numGroups`, as in MLX; in PyTorch, and here if the options ask for it, to group
/// `i / (dims / numGroups)`. Weights that were trained there need that.
///
/// See: Y. Wu and K. He, *Group normalization*, 2018. See also: MLX, *GroupNorm*.
public class GroupNorm extends Module implements Unary {
    /// Shape `(dims)`, zeros at first, or null.
    public @Nullable Array bias;

    /// Shape `(dims)`, ones at first, or null.
    public @Nullable Array weight;

    private final int numGroups;
    private final int dims;
    private final Options options;

    public GroupNorm(int numGroups, int dims) {
        this(numGroups, dims, Options.DEFAULT);
    }

    /// @throws IllegalArgumentException if `dims` is no multiple of the number of groups
    public GroupNorm(int numGroups, int dims, Options options) {
        if (numGroups < 1 || dims % numGroups != 0) {
            throw new IllegalArgumentException(
                    "GroupNorm: " + dims + " features cannot be divided into " + numGroups + " groups of equal size");
        }
        this.numGroups = numGroups;
        this.dims = dims;
        this.options = options;
        bias = options.affine() ? Ops.zeros(dims) : null;
        weight = options.affine() ? Ops.ones(dims) : null;
    }

    /// @param x shape `(N,…,dims)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        Norms.checkDims("GroupNorm", x, dims);
        if (x.ndim() < 2) {
            throw new IllegalArgumentException(
                    "GroupNorm: the input must have a batch along its first axis, but its shape is " + x.shape());
        }
        Array normal = options.pytorchCompatible() ? neighbours(x) : interleaved(x);
        Array weight = this.weight;
        Array bias = this.bias;
        return weight == null || bias == null ? normal : weight.mul(normal).add(bias);
    }

    private Array interleaved(Array x) {
        Array groups = x.reshape(x.dim(0), x.size() / (Math.max(x.dim(0), 1) * numGroups), numGroups);
        return Norms.normalize(groups, Axes.of(1).keepDims(), options.eps()).reshape(x.shape());
    }

    private Array neighbours(Array x) {
        int size = dims / numGroups;
        int places = x.size() / (Math.max(x.dim(0), 1) * dims);
        Array groups = x.reshape(x.dim(0), places, numGroups, size)
                .transpose(0, 2, 1, 3)
                .flatten(-2, -1);
        return Fast.layerNorm(Norms.inexact(groups), null, null, options.eps())
                .unflatten(-1, places, size)
                .transpose(0, 2, 1, 3)
                .reshape(x.shape());
    }

    @Override
    protected String extraRepr() {
        return numGroups + ", " + dims + ", eps=" + Repr.of(options.eps()) + ", affine=" + Repr.of(options.affine())
                + ", pytorch_compatible=" + Repr.of(options.pytorchCompatible());
    }

    /// Options of [GroupNorm].
    ///
    /// @param eps what is added to the variance
    /// @param affine whether there are learned parameters
    /// @param pytorchCompatible whether a group's features are neighbours
    public record Options(double eps, boolean affine, boolean pytorchCompatible) {
        public static final Options DEFAULT = new Options(1e-5, true, false);

        public Options withEps(double eps) {
            return new Options(eps, affine, pytorchCompatible);
        }

        public Options withAffine(boolean affine) {
            return new Options(eps, affine, pytorchCompatible);
        }

        public Options withPytorchCompatible(boolean pytorchCompatible) {
            return new Options(eps, affine, pytorchCompatible);
        }
    }
}
