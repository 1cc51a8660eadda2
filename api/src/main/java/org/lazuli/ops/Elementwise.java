package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Operations that work element by element: promotes and broadcasts the operands, so that the instructions see equal types and shapes.
public final class Elementwise {
    private Elementwise() {}

    /// Applies an instruction to the operand as it is.
    public static Array unary(UnaryOp op, Array x) {
        return Graph.apply(new Primitive.Unary(op), x);
    }

    /// Applies an instruction that works on floating point and complex numbers; integers become float32.
    public static Array inexact(UnaryOp op, Array x) {
        return unary(op, x.dtype().isInexact() ? x : cast(x, DType.FLOAT32));
    }

    /// Like [#inexact(UnaryOp, Array)] for what has no complex version.
    public static Array real(UnaryOp op, Array x, String name) {
        if (x.dtype().isComplex()) {
            throw new IllegalArgumentException(
                    name + ": needs real numbers, got complex64; apply it to real() and imag()");
        }
        return inexact(op, x);
    }

    /// Applies an instruction that leaves integers as they are: floor and its like.
    public static Array rounding(UnaryOp op, Array x, String name) {
        if (x.dtype().isComplex()) {
            throw new IllegalArgumentException(name + ": complex64 has no order; apply it to real() and imag()");
        }
        return x.dtype().isFloating() ? unary(op, x) : x;
    }

    /// Converts the elements; the array itself if it has that type.
    public static Array cast(Array x, DType dtype) {
        return x.dtype() == dtype ? x : Graph.apply(new Primitive.Cast(dtype), x);
    }

    /// Repeats the array along axes of size 1 and new leading axes; the array itself if it has that shape.
    public static Array broadcast(Array x, Shape shape) {
        return x.shape().equals(shape) ? x : Graph.apply(new Primitive.Broadcast(shape), x);
    }

    /// Applies an instruction to two operands, promoted and broadcast.
    public static Array binary(BinaryOp op, Array a, Array b, String name) {
        return binary(op, a, b, DType.promote(a.dtype(), b.dtype()), name);
    }

    /// Applies an instruction to two operands, converted to `dtype` and broadcast.
    public static Array binary(BinaryOp op, Array a, Array b, DType dtype, String name) {
        Shape shape = Shape.broadcast(a.shape(), b.shape(), name);
        return Graph.apply(new Primitive.Binary(op), operand(a, dtype, shape), operand(b, dtype, shape));
    }

    /// The array, converted and broadcast for an instruction; what is made on the way nobody else sees.
    private static Array operand(Array x, DType dtype, Shape shape) {
        Array converted = x.dtype() == dtype ? x : Graph.applyOwned(new Primitive.Cast(dtype), x);
        return converted.shape().equals(shape)
                ? converted
                : Graph.applyOwned(new Primitive.Broadcast(shape), converted);
    }

    /// Like [#binary] in a floating point or complex type: integers become float32.
    public static Array inexactBinary(BinaryOp op, Array a, Array b, String name) {
        return binary(op, a, b, inexact(DType.promote(a.dtype(), b.dtype())), name);
    }

    /// `dtype`, or float32 if it is an integer type or bool.
    public static DType inexact(DType dtype) {
        return dtype.isInexact() ? dtype : DType.FLOAT32;
    }

    /// Combines two integer or boolean operands bit by bit.
    public static Array bitwise(BinaryOp op, Array a, Array b, String name) {
        DType dtype = DType.promote(a.dtype(), b.dtype());
        if (dtype.isInexact()) {
            boolean integers = !a.dtype().isInexact() && !b.dtype().isInexact();
            throw new IllegalArgumentException(name + ": "
                    + (integers ? "no integer type holds all of " : "needs integers or bool, got ") + a.dtype()
                    + " and "
                    + b.dtype() + "; convert with astype");
        }
        return binary(op, a, b, dtype, name);
    }

    /// Shifts bits; booleans are shifted as `uint8`.
    public static Array shift(BinaryOp op, Array a, Array b, String name) {
        return a.dtype() == DType.BOOL && b.dtype() == DType.BOOL
                ? bitwise(op, cast(a, DType.UINT8), cast(b, DType.UINT8), name)
                : bitwise(op, a, b, name);
    }

    /// Combines two operands as truth values.
    public static Array logical(BinaryOp op, Array a, Array b, String name) {
        return binary(op, a, b, DType.BOOL, name);
    }

    /// Picks from `x` where the condition holds, else from `y`.
    public static Array where(Array condition, Array x, Array y) {
        DType dtype = DType.promote(x.dtype(), y.dtype());
        Shape shape = Shape.broadcast(condition.shape(), Shape.broadcast(x.shape(), y.shape(), "where"), "where");
        return Graph.apply(
                new Primitive.Select(),
                operand(condition, DType.BOOL, shape),
                operand(x, dtype, shape),
                operand(y, dtype, shape));
    }

    /// Rounds to a number of decimals, half to even.
    public static Array round(Array x, int decimals) {
        if (decimals == 0 || (!x.dtype().isInexact() && decimals > 0)) {
            return x.round();
        }
        double scale = Math.pow(10, decimals);
        if (x.dtype().isInexact()) {
            return x.mul(scale).round().mul(1 / scale);
        }
        return cast(cast(x, DType.FLOAT32).mul(scale).round().mul(1 / scale), x.dtype());
    }
}
