package org.lazuli.transforms;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Accelerations;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.Scalars;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Primitive.UpdateOp;

/// The gradient of every instruction: how a cotangent of the result becomes cotangents of the operands.
///
/// Every rule is linear in the cotangent and written in the operations that users call. So gradients nest, and forward mode needs no rules of its own:
/// it is the gradient of this with respect to the cotangent.
///
/// Conventions at kinks, as in MLX: |x| has gradient 0 at 0; where `maximum` has a tie, the second operand gets it all; where `max` has a
/// tie, the tied elements share.
final class GradientRules {
    private GradientRules() {}

    /// The cotangents of the operands; null for one that has none.
    ///
    /// @param needed which operands' cotangents are asked for; the others may be null
    static @Nullable Array[] vjp(Primitive primitive, Array[] in, Array out, Array ct, boolean[] needed) {
        @Nullable Array[] none = new Array[in.length];
        return switch (primitive) {
            case Primitive.Reshape _ -> one(ct.reshape(in[0].shape()));
            case Primitive.Transpose transpose -> {
                int[] inverse = new int[transpose.axes().size()];
                for (int i = 0; i < inverse.length; i++) {
                    inverse[transpose.axes().get(i)] = i;
                }
                yield one(ct.ndim() == 0 ? ct : ct.transpose(inverse));
            }
            case Primitive.Broadcast _ -> one(sumTo(ct, in[0].shape()));
            case Primitive.Slice slice -> one(slice(slice, in[0], ct));
            case Primitive.Windows windows -> one(overlapAdd(windows, in[0], ct));
            case Primitive.StopGradient _ -> none;
            case Primitive.Depends _ -> {
                none[0] = ct;
                yield none;
            }
            case Primitive.Fallback _ -> {
                none[in.length - 1] = ct;
                yield none;
            }
            case Primitive.Tuple _, Primitive.Element _ -> throw new AssertionError("the walk handles " + primitive);
            case Primitive.Constant _, Primitive.Iota _, Primitive.RandomBits _ -> none;
            case Primitive.Unary unary -> one(unary(unary.op(), in[0], out, ct));
            case Primitive.Binary binary -> binary(binary.op(), in[0], in[1], out, ct, needed);
            case Primitive.Select _ ->
                new @Nullable Array[] {
                    null, Ops.where(in[0], ct, Ops.zerosLike(ct)), Ops.where(in[0], Ops.zerosLike(ct), ct)
                };
            case Primitive.Cast cast ->
                // A conversion to integers is constant almost everywhere.
                in[0].dtype().isInexact() && !cast.dtype().isInexact() ? none : one(convert(ct, in[0].dtype()));
            case Primitive.Reduce reduce -> one(reduce(reduce, in[0], out, ct));
            case Primitive.ArgReduce _, Primitive.ArgSort _, Primitive.Bitcast _ -> none;
            case Primitive.Scan scan -> one(ScanGradients.vjp(scan, in[0], out, ct));
            case Primitive.Sort sort -> {
                Array order = in[0].argsort(sort.axis());
                yield one(Ops.zerosLike(in[0]).putAlongAxis(order, ct, sort.axis()));
            }
            case Primitive.Copy _ -> one(ct);
            case Primitive.Concatenate concatenate -> {
                int axis = concatenate.axis();
                int[] positions = new int[in.length - 1];
                int position = 0;
                for (int i = 0; i < positions.length; i++) {
                    position += in[i].dim(axis);
                    positions[i] = position;
                }
                yield ct.split(positions, axis).toArray(new Array[0]);
            }
            case Primitive.Gather gather -> {
                Array[] operands = Arrays.copyOf(in, in.length + 1);
                operands[0] = Ops.zerosLike(in[0]);
                operands[in.length] = ct;
                none[0] = Graph.apply(new Primitive.Scatter(UpdateOp.ADD, gather.axes()), operands);
                yield none;
            }
            case Primitive.Scatter scatter -> ScatterGradients.vjp(scatter, in, out, ct, needed);
            case Primitive.SliceUpdate update -> sliceUpdate(update, in[0], in[1], out, ct);
            case Primitive.MatMul _ ->
                new @Nullable Array[] {
                    needed[0] ? product(in[0], ct, transposed(in[1].conj())) : null,
                    needed[1] ? product(in[1], transposed(in[0].conj()), ct) : null
                };
            case Primitive.Convolution convolution -> ConvolutionGradients.vjp(convolution, in[0], in[1], ct, needed);
            case Primitive.FourierTransform transform -> one(FourierGradients.vjp(transform, ct));
            case Primitive.Cholesky(boolean upper) -> one(MatrixGradients.cholesky(upper, out, ct));
            case Primitive.TriangularSolve(boolean upper) ->
                MatrixGradients.triangularSolve(upper, in[0], out, ct, needed);
        };
    }

    /// `a` times `b` as the gradient of an operand. If that is a transposed view, so is this: the gradient of what was transposed then lies in memory as
    /// it does, and what reads both, such as an optimizer, reads both in order.
    private static Array product(Array operand, Array a, Array b) {
        return operand.ndim() == 2
                        && Graph.node(operand).primitive() instanceof Primitive.Transpose transpose
                        && transpose.axes().get(0) == 1
                ? transposed(transposed(b).matmul(transposed(a)))
                : a.matmul(b);
    }

    private static Array transposed(Array a) {
        return a.swapaxes(-1, -2);
    }

    private static @Nullable Array[] one(@Nullable Array ct) {
        return new @Nullable Array[] {ct};
    }

    private static Array convert(Array ct, DType dtype) {
        return (ct.dtype().isComplex() && !dtype.isComplex() ? ct.real() : ct).astype(dtype);
    }

    /// Sums over the axes that broadcasting added or stretched.
    static Array sumTo(Array ct, Shape shape) {
        int added = ct.ndim() - shape.rank();
        int[] stretched = new int[ct.ndim()];
        int count = 0;
        for (int axis = 0; axis < ct.ndim(); axis++) {
            if (axis < added || (shape.is(axis - added, 1) && !ct.shape().is(axis, 1))) {
                stretched[count++] = axis;
            }
        }
        stretched = Arrays.copyOf(stretched, count);
        return (stretched.length == 0 ? ct : reduceSum(ct, stretched)).reshape(shape);
    }

    /// The sum in the operand's own dtype.
    private static Array reduceSum(Array ct, int... axes) {
        return Graph.apply(new Primitive.Reduce(ReduceOp.SUM, Ints.of(axes)), ct);
    }

    private static Array overlapAdd(Primitive.Windows windows, Array x, Array ct) {
        int rank = x.ndim();
        int count = ct.dim(windows.axis());
        Array result = Ops.zerosLike(x);
        Ints steps = Ints.of(with(rank, 1, windows.axis(), windows.step()));
        for (int k = 0; k < windows.size(); k++) {
            Array part = ct.split(windows.size() == 1 ? new int[0] : new int[] {k, k + 1}, rank)
                    .get(windows.size() == 1 ? 0 : 1)
                    .squeeze(rank);
            Ints starts = Ints.of(with(rank, 0, windows.axis(), count == 0 ? 0 : k * windows.dilation()));
            result = Graph.apply(new Primitive.SliceUpdate(UpdateOp.ADD, starts, steps), result, part);
        }
        return result;
    }

    /// The cotangent of a slice among zeros of the shape of the whole.
    static Array slice(Primitive.Slice slice, Array whole, Array ct) {
        Primitive update = new Primitive.SliceUpdate(UpdateOp.SET, slice.starts(), slice.steps());
        return Graph.apply(update, Ops.zerosLike(whole), ct);
    }

    private static int[] with(int rank, int value, int axis, int atAxis) {
        int[] values = Ints.fill(rank, value).toArray();
        values[axis] = atAxis;
        return values;
    }

    private static @Nullable Array unary(UnaryOp op, Array x, Array out, Array ct) {
        return switch (op) {
            case ABS -> x.dtype().isComplex() ? ct.astype(DType.COMPLEX64).mul(x.sign()) : ct.mul(x.sign());
            case NEGATIVE -> ct.neg();
            case SIGN -> x.dtype().isComplex() ? ofDirection(x, out, ct) : null;
            case FLOOR, CEIL, TRUNC, ROUND, LOGICAL_NOT, BITWISE_INVERT -> null;
            case CONJUGATE -> ct.conj();
            case REAL -> ct.astype(DType.COMPLEX64);
            case IMAG -> ct.astype(DType.COMPLEX64).mul(Scalars.constant(new Complex(0, 1)));
            case SQRT -> ct.mul(0.5).div(conj(out));
            case RSQRT -> ct.mul(-0.5).mul(conj(out.div(x)));
            case EXP -> ct.mul(conj(out));
            case EXPM1 -> ct.mul(conj(out.add(1)));
            case LOG -> ct.div(conj(x));
            case LOG2 -> ct.div(conj(x.mul(Math.log(2))));
            case LOG10 -> ct.div(conj(x.mul(Math.log(10))));
            case LOG1P -> ct.div(conj(x.add(1)));
            case SIN -> ct.mul(conj(x.cos()));
            case COS -> ct.mul(conj(x.sin().neg()));
            case TAN -> ct.div(conj(x.cos().square()));
            case ARCSIN -> ct.mul(conj(Ops.sub(1, x.square()).rsqrt()));
            case ARCCOS -> ct.mul(conj(Ops.sub(1, x.square()).rsqrt().neg()));
            case ARCTAN -> ct.div(conj(x.square().add(1)));
            case SINH -> ct.mul(conj(x.cosh()));
            case COSH -> ct.mul(conj(x.sinh()));
            case TANH -> ct.mul(conj(Ops.sub(1, out.square())));
            case ARCSINH -> ct.mul(conj(x.square().add(1).rsqrt()));
            case ARCCOSH -> ct.mul(conj(x.square().sub(1).rsqrt()));
            case ARCTANH -> ct.div(conj(Ops.sub(1, x.square())));
            case ERF -> ct.mul(x.square().neg().exp().mul(2 / Math.sqrt(Math.PI)));
            case ERFINV -> ct.mul(out.square().exp().mul(Math.sqrt(Math.PI) / 2));
            case SIGMOID -> ct.mul(conj(out.mul(Ops.sub(1, out))));
        };
    }

    /// Of `x / |x|`: what is at a right angle to `x`, over `|x|`.
    private static Array ofDirection(Array x, Array out, Array ct) {
        Array magnitude = x.abs();
        Array along = out.mul(out.conj().mul(ct).real().astype(x.dtype()));
        return ct.sub(along).div(Ops.where(magnitude.eq(0), Double.POSITIVE_INFINITY, magnitude));
    }

    private static Array conj(Array x) {
        return x.conj();
    }

    private static @Nullable Array[] binary(BinaryOp op, Array a, Array b, Array out, Array ct, boolean[] needed) {
        return switch (op) {
            case ADD -> pair(ct, ct);
            case SUBTRACT -> pair(ct, needed[1] ? ct.neg() : null);
            case MULTIPLY -> pair(needed[0] ? ct.mul(conj(b)) : null, needed[1] ? ct.mul(conj(a)) : null);
            case DIVIDE ->
                pair(needed[0] ? ct.div(conj(b)) : null, needed[1] ? ct.neg().mul(conj(out.div(b))) : null);
            case REMAINDER -> pair(ct, needed[1] ? ct.neg().mul(a.div(b).floor().astype(a.dtype())) : null);
            case POWER ->
                pair(
                        needed[0] ? ct.mul(conj(b.mul(a.pow(b.sub(1))))) : null,
                        needed[1] ? ct.mul(conj(out.mul(a.log()))) : null);
            // Asked of the result, which is a > b just where a is: so the operand need not be stored for this.
            case MAXIMUM -> pair(needed[0] ? masked(ct, out.gt(b)) : null, needed[1] ? masked(ct, out.le(b)) : null);
            case MINIMUM -> pair(needed[0] ? masked(ct, out.lt(b)) : null, needed[1] ? masked(ct, out.ge(b)) : null);
            case ARCTAN2 -> {
                Array norm = a.square().add(b.square());
                yield pair(ct.mul(b.div(norm)), ct.neg().mul(a.div(norm)));
            }
            case LOGADDEXP -> pair(ct.mul(share(a, b)), ct.mul(share(b, a)));
            case FLOOR_DIVIDE,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_EQUAL,
                    BITWISE_AND,
                    BITWISE_OR,
                    BITWISE_XOR,
                    LEFT_SHIFT,
                    RIGHT_SHIFT -> pair(null, null);
        };
    }

    private static @Nullable Array[] pair(@Nullable Array a, @Nullable Array b) {
        return new @Nullable Array[] {a, b};
    }

    /// What part of `logaddexp(a, b)` comes from `a`.
    private static Array share(Array a, Array b) {
        Array difference = a.sub(b);
        // Two equal infinities share evenly.
        return Ops.where(a.eq(b), Ops.zerosLike(difference), difference).sigmoid();
    }

    static Array masked(Array ct, Array mask) {
        return ct.mul(mask.astype(ct.dtype()));
    }

    private static Array reduce(Primitive.Reduce reduce, Array x, Array out, Array ct) {
        return switch (reduce.op()) {
            case SUM -> Elementwise.broadcast(ct, x.shape());
            case MAX, MIN -> {
                Array mask = x.eq(out).astype(ct.dtype());
                Array count = reduceSum(mask, reduce.axes().toArray());
                Array graph = mask.mul(ct.div(count).astype(ct.dtype()));
                yield x.dtype() == ct.dtype()
                        ? Accelerations.offer(new Accelerated.ExtremeGradient(reduce.axes()), graph, x, out, ct)
                        : graph;
            }
            case PROD -> ct.mul(conj(productOfOthers(x, reduce.axes())));
        };
    }

    /// For each element, the product of the others along the axes; exact where there are zeros.
    private static Array productOfOthers(Array x, Ints axes) {
        int rank = x.ndim();
        int[] order = new int[rank];
        int kept = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (!axes.contains(axis)) {
                order[kept++] = axis;
            }
        }
        int next = kept;
        for (int i = 0; i < axes.size(); i++) {
            order[next++] = axes.get(i);
        }
        Array moved = rank == 0 ? x : x.transpose(order);
        Array flat = moved.reshape(moved.shape()
                .slice(0, kept)
                .concat(Shape.of(moved.shape().slice(kept, rank).size())));
        Array before = flat.cumprod(kept, false, false);
        Array after = flat.cumprod(kept, true, false);
        int[] inverse = new int[rank];
        for (int i = 0; i < rank; i++) {
            inverse[order[i]] = i;
        }
        Array others = before.mul(after).reshape(moved.shape());
        return rank == 0 ? others : others.transpose(inverse);
    }

    private static @Nullable Array[] sliceUpdate(
            Primitive.SliceUpdate update, Array x, Array values, Array out, Array ct) {
        Primitive slice = new Primitive.Slice(update.starts(), update.steps(), values.shape());
        Array selected = Graph.apply(slice, ct);
        return switch (update.op()) {
            case SET -> pair(Graph.apply(update, ct, Ops.zerosLike(values)), selected);
            case ADD -> pair(ct, selected);
            case MULTIPLY -> pair(Graph.apply(update, ct, conj(values)), selected.mul(conj(Graph.apply(slice, x))));
            case MAXIMUM, MINIMUM -> {
                // Of an element and an update that are equal each gets half, as among equal updates of one position.
                Array kept = x.eq(out);
                Array taken = values.eq(Graph.apply(slice, out));
                Primitive.SliceUpdate count =
                        new Primitive.SliceUpdate(Primitive.UpdateOp.ADD, update.starts(), update.steps());
                Array winners = Graph.apply(count, kept.astype(ct.dtype()), taken.astype(ct.dtype()));
                Array share = ct.div(Ops.maximum(winners, 1));
                yield pair(masked(share, kept), masked(Graph.apply(slice, share), taken));
            }
        };
    }
}
