package org.lazuli.transforms;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.Shapes;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Primitive.UpdateOp;

/// The gradients of scans, each in a number of operations that does not depend on the length.
final class ScanGradients {
    private ScanGradients() {}

    static Array vjp(Primitive.Scan scan, Array x, Array out, Array ct) {
        if (scan.op() == ScanOp.SUM) {
            return Graph.apply(new Primitive.Scan(ScanOp.SUM, scan.axis(), !scan.reverse(), scan.inclusive()), ct);
        }
        // The others are written for an inclusive scan from the front.
        int axis = scan.axis();
        if (scan.reverse()) {
            Primitive.Scan forward = new Primitive.Scan(scan.op(), axis, false, scan.inclusive());
            return vjp(forward, x.flip(axis), out.flip(axis), ct.flip(axis)).flip(axis);
        }
        if (x.dim(axis) == 0) {
            return ct;
        }
        if (!scan.inclusive()) {
            Array inclusive = Graph.apply(new Primitive.Scan(scan.op(), axis, false, true), x);
            return inclusive(scan.op(), axis, x, inclusive, shiftedBack(ct, axis));
        }
        return inclusive(scan.op(), axis, x, out, ct);
    }

    /// An exclusive scan is the inclusive one moved on by one position.
    private static Array shiftedBack(Array ct, int axis) {
        int size = ct.dim(axis);
        Array last = Ops.zeros(ct.shape().with(axis, 1), ct.dtype());
        return Shapes.concatenate(java.util.List.of(Shapes.slice(ct, axis, 1, size), last), axis);
    }

    private static Array inclusive(ScanOp op, int axis, Array x, Array out, Array ct) {
        return switch (op) {
            case PROD -> product(axis, x, ct);
            case MAX, MIN -> extreme(op, axis, x, out, ct);
            case LOGADDEXP -> {
                // exp(x - out) summed over what comes after, shifted by a common amount so that neither factor
                // overflows.
                Array shift = out.max(org.lazuli.Axes.of(axis).keepDims()).stopGradient();
                Array finite = Ops.where(shift.isinf(), 0, shift);
                yield ct.mul(finite.sub(out).exp())
                        .cumsum(axis, true, true)
                        .mul(x.sub(finite).exp());
            }
            case SUM -> throw new AssertionError();
        };
    }

    /// Up to the first zero of a line, each product divided by the element; at the zero, the products without it; after it, nothing.
    private static Array product(int axis, Array x, Array ct) {
        Array zero = x.eq(0);
        Array zerosBefore = zero.astype(DType.INT32).cumsum(axis, false, false);
        Array isFirst = zero.logicalAnd(zerosBefore.eq(0));
        Array withoutZero = Ops.where(isFirst, 1, x);
        Array products = x.cumprod(axis);
        Array productsWithout = withoutZero.cumprod(axis);
        Array before = ct.mul(products).cumsum(axis, true, true).div(Ops.where(zero, 1, x));
        Array at = ct.mul(productsWithout).cumsum(axis, true, true);
        Array rest = Ops.where(zerosBefore.gt(0), 0, before);
        return Ops.where(isFirst, at, rest);
    }

    /// Each running extreme comes from the position where it was last attained anew.
    private static Array extreme(ScanOp op, int axis, Array x, Array out, Array ct) {
        int size = x.dim(axis);
        Shape shape = x.shape();
        int[] dims = Ints.fill(shape.rank(), 1).toArray();
        dims[axis] = size;
        Array position = Elementwise.broadcast(Ops.arange(size).reshape(dims), shape);
        Array attained = op == ScanOp.MAX ? x.ge(out) : x.le(out);
        Array source = Ops.where(attained, position, Ops.zerosLike(position)).cummax(axis);
        Array[] operands = new Array[shape.rank() + 2];
        operands[0] = Ops.zerosLike(x);
        for (int i = 0; i < shape.rank(); i++) {
            int[] along = Ints.fill(shape.rank(), 1).toArray();
            along[i] = shape.dim(i);
            operands[i + 1] = i == axis
                    ? source
                    : Elementwise.broadcast(Ops.arange(shape.dim(i)).reshape(along), shape);
        }
        operands[shape.rank() + 1] = ct;
        return Graph.apply(new Primitive.Scatter(UpdateOp.ADD, Ints.range(0, shape.rank())), operands);
    }
}
