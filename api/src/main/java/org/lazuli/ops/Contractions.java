package org.lazuli.ops;

import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.graph.OpenRecording;
import org.lazuli.graph.Region;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// Matrix products and convolutions.
public final class Contractions {
    private Contractions() {}

    /// The matrix product, with NumPy's rules: vectors are rows on the left and columns on the right, leading axes broadcast.
    public static Array matmul(Array a, Array b) {
        DType dtype = inexact(a, b, "matmul");
        if (a.ndim() == 0 || b.ndim() == 0) {
            throw new IllegalArgumentException("matmul: needs at least one axis on both sides, got shapes " + a.shape()
                    + " and " + b.shape() + "; use mul for a scalar");
        }
        Array left = Elementwise.cast(a.ndim() == 1 ? Shapes.expandDims(a, 0) : a, dtype);
        Array right = Elementwise.cast(b.ndim() == 1 ? Shapes.expandDims(b, 1) : b, dtype);
        if (!left.shape().isSame(-1, right.shape(), -2)) {
            throw new IllegalArgumentException("matmul: inner dimensions differ: " + a.shape() + " x " + b.shape()
                    + ": " + left.dim(-1) + " != " + right.dim(-2));
        }
        Array product = product(left, right);
        if (a.ndim() == 1 && b.ndim() == 1) {
            return Shapes.reshape(product, product.shape().slice(0, product.ndim() - 2));
        }
        return a.ndim() == 1 ? Shapes.squeeze(product, -2) : b.ndim() == 1 ? Shapes.squeeze(product, -1) : product;
    }

    private static Array product(Array left, Array right) {
        if (right.ndim() == 2 && left.ndim() > 2) {
            // One matrix on the right: all rows on the left make one product.
            Shape shape = left.shape();
            Array rows = Shapes.reshape(left, shape.join(0, shape.rank() - 1));
            Array product = Graph.apply(new Primitive.MatMul(), rows, right);
            return Shapes.reshape(product, shape.with(-1, right.shape(), -1));
        }
        Shape batch = Shape.broadcast(
                left.shape().slice(0, left.ndim() - 2), right.shape().slice(0, right.ndim() - 2), "matmul");
        return Graph.apply(
                new Primitive.MatMul(),
                Elementwise.broadcast(left, batch.concat(left.shape().slice(left.ndim() - 2, left.ndim()))),
                Elementwise.broadcast(right, batch.concat(right.shape().slice(right.ndim() - 2, right.ndim()))));
    }

    /// `alpha * (a @ b) + beta * c`.
    public static Array addmm(Array c, Array a, Array b, double alpha, double beta) {
        return Region.own(() -> {
            DType dtype = DType.promote(inexact(a, b, "addmm"), c.dtype());
            Array product = matmul(Elementwise.cast(a, dtype), Elementwise.cast(b, dtype));
            Array scaled = alpha == 1 ? product : product.mul(alpha);
            Array bias = Elementwise.cast(c, dtype);
            if (!Shape.broadcast(bias.shape(), product.shape(), "addmm").equals(product.shape())) {
                throw new IllegalArgumentException(
                        "addmm: c of shape " + c.shape() + " does not broadcast to the product's " + product.shape());
            }
            return scaled.add(beta == 1 ? bias : bias.mul(beta));
        });
    }

    /// Sums of products over the last axis of both.
    public static Array inner(Array a, Array b) {
        if (a.ndim() == 0 || b.ndim() == 0) {
            return a.mul(b);
        }
        if (a.dim(-1) != b.dim(-1)) {
            throw new IllegalArgumentException("inner: last dimensions differ: " + a.shape() + " and " + b.shape()
                    + ": " + a.dim(-1) + " != " + b.dim(-1));
        }
        return tensordot(a, b, new int[] {-1}, new int[] {-1});
    }

    /// Products of each element of one flattened array with each of the other.
    public static Array outer(Array a, Array b) {
        return Shapes.expandDims(Shapes.flatten(a, 0, -1), 1).mul(Shapes.flatten(b, 0, -1));
    }

    /// Sums of products over pairs of axes; the other axes of `a`, then those of `b`, remain.
    public static Array tensordot(Array a, Array b, int[] axesA, int[] axesB) {
        if (axesA.length != axesB.length) {
            throw new IllegalArgumentException("tensordot: " + axesA.length + " axes of the first and " + axesB.length
                    + " of the second array cannot be paired");
        }
        int[] left = new int[axesA.length];
        int[] right = new int[axesB.length];
        int contracted = 1;
        for (int i = 0; i < left.length; i++) {
            left[i] = a.shape().axis(axesA[i], "tensordot");
            right[i] = b.shape().axis(axesB[i], "tensordot");
            if (a.dim(left[i]) != b.dim(right[i])) {
                throw new IllegalArgumentException(
                        "tensordot: axis " + axesA[i] + " of shape " + a.shape() + " and axis " + axesB[i]
                                + " of shape " + b.shape() + " differ: " + a.dim(left[i]) + " != " + b.dim(right[i]));
            }
            contracted *= a.dim(left[i]);
        }
        int[] freeA = others(a.ndim(), left);
        int[] freeB = others(b.ndim(), right);
        Array rows = Shapes.transpose(a, join(freeA, left));
        Array columns = Shapes.transpose(b, join(right, freeB));
        Shape outA = rows.shape().slice(0, freeA.length);
        Shape outB = columns.shape().slice(right.length, columns.ndim());
        Array product = matmul(
                Shapes.reshape(rows, Shape.of(outA.size(), contracted)),
                Shapes.reshape(columns, Shape.of(contracted, outB.size())));
        return Shapes.reshape(product, outA.concat(outB));
    }

    /// Sums of products over the last `axes` axes of `a` and the first `axes` of `b`.
    public static Array tensordot(Array a, Array b, int axes) {
        if (axes < 0 || axes > a.ndim() || axes > b.ndim()) {
            throw new IllegalArgumentException("tensordot: " + axes + " axes of shapes " + a.shape() + " and "
                    + b.shape() + ", which have " + a.ndim() + " and " + b.ndim());
        }
        return tensordot(
                a,
                b,
                Ints.range(a.ndim() - axes, a.ndim()).toArray(),
                Ints.range(0, axes).toArray());
    }

    /// Sums of products, the first factor conjugated, along an axis.
    public static Array vecdot(Array a, Array b, int axis) {
        if (a.ndim() != b.ndim()) {
            throw new IllegalArgumentException("vecdot: shapes " + a.shape() + " and " + b.shape()
                    + " have different numbers of axes; add axes with expandDims");
        }
        int at = a.shape().axis(axis, "vecdot");
        if (a.dim(at) != b.dim(at)) {
            throw new IllegalArgumentException("vecdot: axis " + axis + " of shapes " + a.shape() + " and " + b.shape()
                    + " differs: " + a.dim(at) + " != " + b.dim(at));
        }
        return a.conj().mul(b).sum(at);
    }

    private static int[] others(int rank, int[] axes) {
        return Arrays.stream(Ints.range(0, rank).toArray())
                .filter(axis -> Arrays.stream(axes).noneMatch(other -> other == axis))
                .toArray();
    }

    private static int[] join(int[] a, int[] b) {
        int[] result = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, result, a.length, b.length);
        return result;
    }

    private static DType inexact(Array a, Array b, String name) {
        DType dtype = DType.promote(a.dtype(), b.dtype());
        if (!dtype.isInexact()) {
            throw new IllegalArgumentException(name + ": needs floating point or complex operands, got " + a.dtype()
                    + " and " + b.dtype() + "; convert with astype(FLOAT32)");
        }
        return dtype;
    }

    /// Convolution over the axes between the first (batch) and the last (channels); see [Primitive.Convolution].
    public static Array convolution(Array x, Array weight, Primitive.Convolution options, String name) {
        DType dtype = inexact(x, weight, name);
        int spatial = options.strides().size();
        if (x.ndim() != spatial + 2 || weight.ndim() != spatial + 2) {
            throw new IllegalArgumentException(name + ": needs an input (N,…,C) and a weight (O,…,C/groups) with "
                    + spatial + " spatial axes, got shapes " + x.shape() + " and " + weight.shape());
        }
        if (options.groups() < 1 || !fits(x.shape(), weight.shape(), options.groups())) {
            throw new IllegalArgumentException(name + ": an input of shape " + x.shape() + " with " + x.dim(-1)
                    + " channels does not fit a weight of shape " + weight.shape() + " with " + weight.dim(-1)
                    + " channels, " + weight.dim(0) + " outputs and " + options.groups() + " groups");
        }
        for (int i = 0; i < spatial; i++) {
            if (options.strides().get(i) < 1
                    || options.kernelDilation().get(i) < 1
                    || options.inputDilation().get(i) < 1) {
                throw new IllegalArgumentException(name + ": strides " + options.strides() + " and dilations "
                        + options.kernelDilation() + ", " + options.inputDilation() + " must be positive");
            }
            // How long the input is decides nothing but whether there is a result, which the instruction's rule says
            // for other sizes.
            long size = (OpenRecording.example(x.shape())[i + 1] - 1L)
                            * options.inputDilation().get(i)
                    + 1
                    + options.padLow().get(i)
                    + options.padHigh().get(i);
            long kernel = (weight.dim(i + 1) - 1L) * options.kernelDilation().get(i) + 1;
            if (size < kernel) {
                throw new IllegalArgumentException(name + ": along axis " + (i + 1) + " the padded input has " + size
                        + " elements, fewer than the kernel's " + kernel + "; input " + x.shape() + ", weight "
                        + weight.shape());
            }
        }
        return Graph.apply(options, Elementwise.cast(x, dtype), Elementwise.cast(weight, dtype));
    }

    private static boolean fits(Shape x, Shape weight, int groups) {
        return groups == 1
                ? x.isSame(-1, weight, -1)
                : x.is(-1, weight.dim(-1) * groups) && weight.dim(0) % groups == 0;
    }
}
