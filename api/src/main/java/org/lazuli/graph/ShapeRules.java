package org.lazuli.graph;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// The type and shape of every instruction's result.
///
/// What a user can get wrong is checked with the user's words where the operation is called; the checks here hold for whoever builds a graph.
public final class ShapeRules {
    private ShapeRules() {}

    /// The types and shapes of the results; one, except for a tuple.
    public static List<TensorSpec> infer(Primitive primitive, List<TensorSpec> in) {
        return switch (primitive) {
            case Primitive.Custom custom -> List.copyOf(in.subList(custom.arguments(), in.size()));
            case Primitive.Several several -> MatrixShapes.infer(several, in);
            default -> List.of(inferOne(primitive, in));
        };
    }

    /// The type and shape of an instruction's only result.
    public static TensorSpec inferOne(Primitive primitive, List<TensorSpec> in) {
        return switch (primitive) {
            case Primitive.Reshape reshape -> {
                TensorSpec x = in.get(0);
                check(x.shape().size() == reshape.shape().size(), primitive, in);
                yield x.withShape(reshape.shape());
            }
            case Primitive.Transpose transpose -> {
                TensorSpec x = in.get(0);
                check(transpose.axes().size() == x.shape().rank(), primitive, in);
                int[] dims = new int[x.shape().rank()];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = x.shape().dim(transpose.axes().get(i));
                }
                yield x.withShape(Shape.of(dims));
            }
            case Primitive.Broadcast broadcast -> {
                TensorSpec x = in.get(0);
                check(
                        Shape.broadcast(x.shape(), broadcast.shape(), "broadcast")
                                .equals(broadcast.shape()),
                        primitive,
                        in);
                yield x.withShape(broadcast.shape());
            }
            case Primitive.Slice slice -> {
                checkWindow(primitive, in, slice.starts(), slice.steps(), slice.shape());
                yield in.get(0).withShape(slice.shape());
            }
            case Primitive.Windows windows -> {
                TensorSpec x = in.get(0);
                int span = (windows.size() - 1) * windows.dilation() + 1;
                int count = (x.shape().dim(windows.axis()) - span) / windows.step() + 1;
                check(x.shape().dim(windows.axis()) >= span, primitive, in);
                yield x.withShape(
                        x.shape().with(windows.axis(), count).insert(x.shape().rank(), windows.size()));
            }
            case Primitive.StopGradient _, Primitive.Depends _, Primitive.Copy _ -> in.get(0);
            case Primitive.Fallback fallback -> AcceleratedShapes.check(fallback, in);
            case Primitive.Tuple _, Primitive.Element _ ->
                throw new IllegalArgumentException(primitive + " has no result of its own");
            case Primitive.Constant constant -> new TensorSpec(constant.dtype(), Shape.SCALAR);
            case Primitive.Iota iota -> new TensorSpec(iota.dtype(), Shape.of(iota.length()));
            case Primitive.RandomBits bits -> {
                Shape keys = in.get(0).shape();
                check(keys.rank() > 0 && keys.dim(-1) == 2 && in.get(0).dtype() == DType.UINT32, primitive, in);
                DType dtype = switch (bits.width()) {
                    case 1 -> DType.UINT8;
                    case 2 -> DType.UINT16;
                    default -> DType.UINT32;
                };
                yield new TensorSpec(dtype, keys.slice(0, keys.rank() - 1).concat(bits.shape()));
            }
            case Primitive.Unary unary ->
                in.get(0).withDType(resultOf(unary.op(), in.get(0).dtype()));
            case Primitive.Binary binary -> {
                check(in.get(0).equals(in.get(1)), primitive, in);
                yield resultOf(binary.op(), in.get(0));
            }
            case Primitive.Select _ -> {
                check(
                        in.get(0).dtype() == DType.BOOL
                                && in.get(1).equals(in.get(2))
                                && in.get(0).shape().equals(in.get(1).shape()),
                        primitive,
                        in);
                yield in.get(1);
            }
            case Primitive.Cast cast -> in.get(0).withDType(cast.dtype());
            case Primitive.Reduce reduce -> {
                Shape shape = in.get(0).shape();
                for (int i = 0; i < reduce.axes().size(); i++) {
                    shape = shape.with(reduce.axes().get(i), 1);
                }
                yield in.get(0).withShape(shape);
            }
            case Primitive.ArgReduce reduce ->
                new TensorSpec(DType.UINT32, in.get(0).shape().with(reduce.axis(), 1));
            case Primitive.Scan scan -> {
                in.get(0).shape().axis(scan.axis(), "scan");
                yield in.get(0);
            }
            case Primitive.Sort sort -> {
                in.get(0).shape().axis(sort.axis(), "sort");
                yield in.get(0);
            }
            case Primitive.ArgSort sort -> {
                in.get(0).shape().axis(sort.axis(), "argsort");
                yield in.get(0).withDType(DType.UINT32);
            }
            case Primitive.Bitcast bitcast -> {
                TensorSpec x = in.get(0);
                if (x.dtype().bytes() == bitcast.dtype().bytes()) {
                    yield x.withDType(bitcast.dtype());
                }
                int bytes = x.shape().dim(-1) * x.dtype().bytes();
                check(bytes % bitcast.dtype().bytes() == 0, primitive, in);
                yield new TensorSpec(
                        bitcast.dtype(),
                        x.shape().with(-1, bytes / bitcast.dtype().bytes()));
            }
            case Primitive.Concatenate concatenate -> {
                int total = 0;
                for (TensorSpec x : in) {
                    int dim = x.shape().dim(concatenate.axis());
                    check(
                            x.withShape(x.shape().with(concatenate.axis(), 0))
                                    .equals(in.get(0)
                                            .withShape(in.get(0).shape().with(concatenate.axis(), 0))),
                            primitive,
                            in);
                    total = Math.addExact(total, dim);
                }
                yield in.get(0).withShape(in.get(0).shape().with(concatenate.axis(), total));
            }
            case Primitive.Gather gather -> {
                Shape index = indexShape(primitive, in, gather.axes());
                yield in.get(0).withShape(index.concat(rest(in.get(0).shape(), gather.axes())));
            }
            case Primitive.Scatter scatter -> {
                Shape index = indexShape(primitive, in, scatter.axes());
                TensorSpec updates = in.get(in.size() - 1);
                check(
                        updates.equals(
                                in.get(0).withShape(index.concat(rest(in.get(0).shape(), scatter.axes())))),
                        primitive,
                        in);
                yield in.get(0);
            }
            case Primitive.SliceUpdate update -> {
                check(in.get(0).dtype() == in.get(1).dtype(), primitive, in);
                checkWindow(
                        primitive,
                        in,
                        update.starts(),
                        update.steps(),
                        in.get(1).shape());
                yield in.get(0);
            }
            case Primitive.MatMul _ -> {
                Shape a = in.get(0).shape();
                Shape b = in.get(1).shape();
                int rank = a.rank();
                check(
                        rank >= 2
                                && b.rank() == rank
                                && in.get(0).dtype() == in.get(1).dtype()
                                && a.slice(0, rank - 2).equals(b.slice(0, rank - 2))
                                && a.dim(-1) == b.dim(-2),
                        primitive,
                        in);
                yield in.get(0).withShape(a.with(-1, b.dim(-1)));
            }
            case Primitive.Convolution convolution -> convolution(convolution, in);
            case Primitive.FourierTransform(var op, int axis, int length, var _) -> {
                TensorSpec x = in.get(0);
                check(
                        x.dtype() == op.operand() && length >= 1 && x.shape().dim(axis) == op.given(length),
                        primitive,
                        in);
                yield new TensorSpec(op.result(), x.shape().with(axis, op.results(length)));
            }
            case Primitive.Cholesky _ -> MatrixShapes.square(primitive, in);
            case Primitive.TriangularSolve _ -> MatrixShapes.solve(primitive, in);
        };
    }

    private static DType resultOf(UnaryOp op, DType dtype) {
        return switch (op) {
            case LOGICAL_NOT -> DType.BOOL;
            case ABS, REAL, IMAG -> dtype.isComplex() ? DType.FLOAT32 : dtype;
            default -> dtype;
        };
    }

    private static TensorSpec resultOf(BinaryOp op, TensorSpec operand) {
        return op.isComparison() ? operand.withDType(DType.BOOL) : operand;
    }

    private static TensorSpec convolution(Primitive.Convolution c, List<TensorSpec> in) {
        Shape x = in.get(0).shape();
        Shape w = in.get(1).shape();
        int spatial = x.rank() - 2;
        check(
                spatial >= 1
                        && w.rank() == x.rank()
                        && in.get(0).dtype() == in.get(1).dtype()
                        && c.groups() >= 1
                        && x.dim(-1) == w.dim(-1) * c.groups()
                        && w.dim(0) % c.groups() == 0
                        && c.strides().size() == spatial
                        && c.padLow().size() == spatial
                        && c.padHigh().size() == spatial
                        && c.kernelDilation().size() == spatial
                        && c.inputDilation().size() == spatial,
                c,
                in);
        int[] dims = x.toArray();
        dims[dims.length - 1] = w.dim(0);
        for (int i = 0; i < spatial; i++) {
            int size = x.dim(i + 1) == 0
                    ? 0
                    : (x.dim(i + 1) - 1) * c.inputDilation().get(i) + 1;
            size += c.padLow().get(i) + c.padHigh().get(i);
            int kernel = (w.dim(i + 1) - 1) * c.kernelDilation().get(i) + 1;
            check(size >= kernel, c, in);
            dims[i + 1] = (size - kernel) / c.strides().get(i) + 1;
        }
        return in.get(0).withShape(Shape.of(dims));
    }

    /// The common shape of the index operands of a gather or scatter.
    private static Shape indexShape(Primitive primitive, List<TensorSpec> in, Ints axes) {
        check(axes.size() >= 1 && in.size() > axes.size(), primitive, in);
        Shape index = in.get(1).shape();
        for (int i = 1; i <= axes.size(); i++) {
            check(in.get(i).shape().equals(index) && in.get(i).dtype().isInteger(), primitive, in);
        }
        return index;
    }

    /// The axes of `shape` that are not in `axes`.
    static Shape rest(Shape shape, Ints axes) {
        int[] dims = new int[shape.rank() - axes.size()];
        int next = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (!axes.contains(axis)) {
                dims[next++] = shape.dim(axis);
            }
        }
        return Shape.of(dims);
    }

    private static void checkWindow(Primitive primitive, List<TensorSpec> in, Ints starts, Ints steps, Shape window) {
        Shape shape = in.get(0).shape();
        check(
                starts.size() == shape.rank() && steps.size() == shape.rank() && window.rank() == shape.rank(),
                primitive,
                in);
        for (int axis = 0; axis < shape.rank(); axis++) {
            int count = window.dim(axis);
            if (count > 0) {
                long first = starts.get(axis);
                long last = first + (count - 1L) * steps.get(axis);
                check(Math.min(first, last) >= 0 && Math.max(first, last) < shape.dim(axis), primitive, in);
            }
        }
    }

    static void check(boolean holds, Primitive primitive, List<TensorSpec> in) {
        if (!holds) {
            throw new IllegalArgumentException(primitive + " does not accept operands of " + in);
        }
    }
}
