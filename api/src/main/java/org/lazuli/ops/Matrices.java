package org.lazuli.ops;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.FloatInfo;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.Vectors;

/// Linear algebra on the last two axes.
public final class Matrices {
    /// By Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate" (1973). It needs no
    /// differences of singular values, so that equal ones are no exception.
    private static final CustomFunction PSEUDO_INVERSE = CustomFunction.of(in -> List.of(bySingularValues(in.get(0))))
            .withJvp((primals, tangents) -> List.of(pinvDerivative(primals.get(0), tangents.get(0))));

    private Matrices() {}

    // ------------------------------------------------------------------------------------------------ checks

    /// @throws IllegalArgumentException if this holds no matrices, or of a type without decompositions
    private static Array matrices(Array x, String name) {
        if (x.ndim() < 2) {
            throw new IllegalArgumentException(name + ": needs at least 2 axes, got shape " + x.shape());
        }
        return typed(x, name);
    }

    private static Array typed(Array x, String name) {
        DType dtype = x.dtype();
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64 && !dtype.isComplex()) {
            throw new IllegalArgumentException(
                    name + ": needs float32, float64 or complex64, got " + dtype + "; convert it with astype");
        }
        return x;
    }

    private static Array square(Array x, String name) {
        matrices(x, name);
        if (x.dim(-1) != x.dim(-2)) {
            throw new IllegalArgumentException(name + ": needs square matrices, got shape " + x.shape());
        }
        return x;
    }

    // ---------------------------------------------------------------------------------------- decompositions

    public static List<Array> qr(Array x) {
        return Graph.applySeveral(new Primitive.Qr(), matrices(x, "qr"));
    }

    public static List<Array> svd(Array x, Vectors vectors) {
        return Graph.applySeveral(new Primitive.Svd(vectors), matrices(x, "svd"));
    }

    public static List<Array> eigh(Array x, boolean vectors, boolean upper, String name) {
        return Graph.applySeveral(new Primitive.Eigh(vectors, upper), square(x, name));
    }

    public static List<Array> eig(Array x, boolean vectors, String name) {
        return Graph.applySeveral(new Primitive.Eig(vectors), square(x, name));
    }

    public static Array cholesky(Array x, boolean upper) {
        return Graph.apply(new Primitive.Cholesky(upper), square(x, "cholesky"));
    }

    /// Both factors in one array, the exchanges, and the order of rows.
    public static List<Array> luFactor(Array x, String name) {
        return Graph.applySeveral(new Primitive.Lu(), matrices(x, name));
    }

    /// The place of each row among those of `L U`, and both factors.
    public static List<Array> lu(Array x) {
        return Region.run(
                () -> {
                    List<Array> factors = luFactor(x, "lu");
                    int k = Math.min(x.dim(-2), x.dim(-1));
                    Array packed = factors.get(0);
                    Array lower = unitLower(packed.get(Index.rest(), Index.to(k)));
                    Array upper = packed.get(Index.rest(), Index.to(k), Index.all()).triu(0);
                    return List.of(factors.get(2).argsort(-1), lower, upper);
                },
                results -> results);
    }

    private static Array unitLower(Array packed) {
        return packed.tril(-1).add(Ops.eye(packed.dim(-2), packed.dim(-1), 0, packed.dtype()));
    }

    /// The rows of each matrix in an order that its own row of `order` says.
    public static Array takeRows(Array x, Array order) {
        return x.takeAlongAxis(Elementwise.broadcast(order.expandDims(-1), x.shape()), -2);
    }

    // ------------------------------------------------------------------------------------------------ systems

    public static Array solve(Array a, Array b) {
        checkSystem(a, b, "solve");
        return Region.own(() -> system(a, b, (matrix, side) -> {
            List<Array> factors = luFactor(matrix, "solve");
            Array packed = factors.get(0);
            Array lower = triangular(false, unitLower(packed), takeRows(side, factors.get(2)));
            return triangular(true, packed, lower);
        }));
    }

    public static Array solveTriangular(Array a, Array b, boolean upper) {
        checkSystem(a, b, "solveTriangular");
        return Region.own(() -> system(a, b, (matrix, side) -> triangular(upper, matrix, side)));
    }

    private static Array triangular(boolean upper, Array a, Array b) {
        return Graph.apply(new Primitive.TriangularSolve(upper), a, b);
    }

    private static void checkSystem(Array a, Array b, String name) {
        square(a, name);
        typed(b, name);
        if (b.ndim() == 0 || b.dim(b.ndim() == 1 ? 0 : -2) != a.dim(-1)) {
            throw new IllegalArgumentException(name + ": matrices of shape " + a.shape()
                    + " need right-hand sides with " + a.dim(-1) + " rows, got shape " + b.shape());
        }
    }

    private interface Solver {
        Array solve(Array matrix, Array side);
    }

    /// Brings both operands to one dtype and one batch; a vector becomes a column.
    private static Array system(Array a, Array b, Solver solver) {
        DType dtype = DType.promote(a.dtype(), b.dtype());
        Array side = Elementwise.cast(b.ndim() == 1 ? b.expandDims(-1) : b, dtype);
        Shape batch = Shape.broadcast(batch(a), batch(side), "solve");
        Array matrix = Elementwise.broadcast(Elementwise.cast(a, dtype), batch.concat(last(a)));
        Array x = solver.solve(matrix, Elementwise.broadcast(side, batch.concat(last(side))));
        return b.ndim() == 1 ? x.squeeze(-1) : x;
    }

    private static Shape batch(Array x) {
        return x.shape().slice(0, x.ndim() - 2);
    }

    private static Shape last(Array x) {
        return x.shape().slice(x.ndim() - 2, x.ndim());
    }

    private static Array identityLike(Array x) {
        return Elementwise.broadcast(Ops.eye(x.dim(-1), x.dim(-1), 0, x.dtype()), x.shape());
    }

    public static Array inv(Array x) {
        square(x, "inv");
        return Region.own(() -> solve(x, identityLike(x)));
    }

    public static Array triInv(Array x, boolean upper) {
        square(x, "triInv");
        return Region.own(() -> triangular(upper, x, identityLike(x)));
    }

    public static Array choleskyInv(Array factor, boolean upper) {
        square(factor, "choleskyInv");
        return Region.own(() -> {
            Array inverse = triangular(upper, factor, identityLike(factor));
            return upper ? inverse.matmul(adjoint(inverse)) : adjoint(inverse).matmul(inverse);
        });
    }

    private static Array adjoint(Array x) {
        return x.conj().swapaxes(-1, -2);
    }

    public static Array pinv(Array x) {
        matrices(x, "pinv");
        return PSEUDO_INVERSE.apply(List.of(x)).get(0);
    }

    private static Array bySingularValues(Array x) {
        if (x.size() == 0) {
            return adjoint(x);
        }
        List<Array> parts = svd(x, Vectors.THIN);
        Array values = parts.get(1);
        double relative = 10.0 * Math.max(x.dim(-1), x.dim(-2)) * FloatInfo.of(values.dtype()).eps();
        Array least = values.max(Axes.of(-1).keepDims()).mul(relative);
        Array kept = values.gt(least);
        Array inverse = Ops.where(kept, Ops.where(kept, values, Ops.onesLike(values)).reciprocal(), Ops.zerosLike(values));
        Array scaled = adjoint(parts.get(2)).mul(inverse.astype(x.dtype()).expandDims(-2));
        return scaled.matmul(adjoint(parts.get(0)));
    }

    private static Array pinvDerivative(Array a, Array tangent) {
        Array x = pinv(a);
        Array turned = adjoint(tangent);
        Array xh = adjoint(x);
        Array inside = x.matmul(tangent).matmul(x).neg();
        // What the tangent has outside of the range of A, and of that of Aᴴ.
        Array left = turned.sub(turned.matmul(a).matmul(x));
        Array right = turned.sub(x.matmul(a).matmul(turned));
        return inside.add(x.matmul(xh).matmul(left)).add(right.matmul(xh).matmul(x));
    }

    // ------------------------------------------------------------------------------------------- determinants

    public static Array det(Array x) {
        square(x, "det");
        return Region.own(() -> switch (x.dim(-1)) {
            case 0 -> Ops.ones(batch(x), x.dtype());
            case 1 -> at(x, 0, 0);
            case 2 -> minor(x, 0, 1, 0, 1);
            case 3 ->
                at(x, 0, 0)
                        .mul(minor(x, 1, 2, 1, 2))
                        .sub(at(x, 0, 1).mul(minor(x, 1, 2, 0, 2)))
                        .add(at(x, 0, 2).mul(minor(x, 1, 2, 0, 1)));
            default -> {
                List<Array> factors = luFactor(x, "det");
                yield factors.get(0).diagonal(0, -2, -1).prod(-1).mul(parity(factors.get(1), x.dtype()));
            }
        });
    }

    private static Array at(Array x, int row, int column) {
        return x.get(Index.rest(), Index.at(row), Index.at(column));
    }

    private static Array minor(Array x, int top, int bottom, int left, int right) {
        return at(x, top, left).mul(at(x, bottom, right)).sub(at(x, top, right).mul(at(x, bottom, left)));
    }

    /// The sign of a permutation: -1 for an odd number of exchanges.
    private static Array parity(Array pivots, DType dtype) {
        int k = pivots.dim(-1);
        Array exchanges = pivots.astype(DType.INT32).ne(Ops.arange(k)).astype(DType.INT32).sum(-1);
        Array odd = exchanges.remainder(2);
        return Ops.sub(1, odd.mul(2)).astype(dtype);
    }

    /// The sign and the logarithm of the magnitude.
    public static List<Array> slogdet(Array x) {
        square(x, "slogdet");
        return Region.run(
                () -> {
                    List<Array> factors = luFactor(x, "slogdet");
                    Array diagonal = factors.get(0).diagonal(0, -2, -1);
                    Array sign = diagonal.sign().prod(-1).mul(parity(factors.get(1), x.dtype()));
                    return List.of(sign, diagonal.abs().log().sum(-1));
                },
                results -> results);
    }

    // ---------------------------------------------------------------------------------------------- products

    public static Array cross(Array a, Array b, int axis) {
        Shape common = crossBatch(a, b, axis);
        DType dtype = DType.promote(a.dtype(), b.dtype());
        return Region.own(() -> {
            List<Array> x = components(Elementwise.cast(a, dtype), axis, common);
            List<Array> y = components(Elementwise.cast(b, dtype), axis, common);
            return Ops.stack(List.of(term(x, y, 1, 2), term(x, y, 2, 0), term(x, y, 0, 1)), axis);
        });
    }

    /// One component of the product; a third component that is not there is 0.
    private static Array term(List<Array> x, List<Array> y, int i, int j) {
        Array zero = Ops.zerosLike(x.get(0));
        Array plus = i < x.size() && j < y.size() ? x.get(i).mul(y.get(j)) : zero;
        return j < x.size() && i < y.size() ? plus.sub(x.get(j).mul(y.get(i))) : plus;
    }

    private static List<Array> components(Array x, int axis, Shape common) {
        return x.unstack(axis).stream()
                .map(component -> Elementwise.broadcast(component, common))
                .toList();
    }

    private static Shape crossBatch(Array a, Array b, int axis) {
        int first = a.dim(a.shape().axis(axis, "cross"));
        int second = b.dim(b.shape().axis(axis, "cross"));
        if (first < 2 || first > 3 || second < 2 || second > 3) {
            throw new IllegalArgumentException("cross: needs 2 or 3 components along axis " + axis + ", got shapes "
                    + a.shape() + " and " + b.shape());
        }
        return Shape.broadcast(
                a.shape().remove(a.shape().axis(axis, "cross")), b.shape().remove(b.shape().axis(axis, "cross")), "cross");
    }
}
