package org.lazuli.transforms;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.Shapes;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Primitive.UpdateOp;

/// The gradients of scans, each in a number of operations that hardly depends on the length.
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
            // The inclusive one moved on by one position.
            Array inclusive = Graph.apply(new Primitive.Scan(scan.op(), axis, false, true), x);
            return inclusive(scan.op(), axis, x, inclusive, shifted(ct, axis, 1));
        }
        return inclusive(scan.op(), axis, x, out, ct);
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

    /// With the products before `j` as a factor in front, what element `j` does to the later products follows a recurrence from the end:
    /// `s[j] = ct[j] + x[j + 1] * s[j + 1]`. Nothing is divided, so zeros are no exception, in this derivative and in higher ones.
    private static Array product(int axis, Array x, Array ct) {
        Array before = x.cumprod(axis, false, false);
        Array sum = ct;
        Array factor = shifted(x.conj(), axis, 1);
        for (int reach = 1; reach < x.dim(axis); reach *= 2) {
            sum = sum.add(factor.mul(shifted(sum, axis, reach)));
            factor = factor.mul(shifted(factor, axis, reach));
        }
        return before.conj().mul(sum);
    }

    /// The elements from `count` on, and zeros in the place of those that are not there.
    private static Array shifted(Array x, int axis, int count) {
        int size = x.dim(axis);
        Array zeros = Ops.zeros(x.shape().with(axis, count), x.dtype());
        return Shapes.concatenate(List.of(Shapes.slice(x, axis, count, size), zeros), axis);
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
