package org.lazuli.transforms;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;

/// The gradients of linear algebra, each in a few matrix products and triangular systems.
///
/// The rules for Cholesky, QR, eigenvalues and singular values are those of Giles, "Collected matrix derivative results for forward and reverse mode
/// algorithmic differentiation" (2008), and Townsend, "Differentiating the singular value decomposition" (2016); for wide QR of Roberts and
/// Roberts, "QR and LQ decomposition matrix backpropagation algorithms" (2020); for complex singular values of Wan and Zhang, "Automatic
/// differentiation for complex valued SVD" (2019).
///
/// A Hermitian operand has a Hermitian gradient, as if all of it were read. Vectors are determined up to a sign, or a turn where eigenvalues or singular
/// values are equal; gradients are those of functions that do not depend on it. Where values are equal, the part of the gradient that would
/// divide by their difference is zero, which it is for such functions.
final class MatrixGradients {
    private MatrixGradients() {}

    /// The cotangent of the operand of an instruction with several results.
    ///
    /// @param arrived the cotangents of the results; null for zero
    static @Nullable Array[] several(Primitive.Several primitive, Array x, List<Array> out, @Nullable Array[] arrived) {
        return new @Nullable Array[] {
            switch (primitive) {
                case Primitive.Qr() -> qr(x, out.get(0), out.get(1), arrived[0], arrived[1]);
                case Primitive.Svd(var vectors) -> singular(vectors, x, out, arrived);
                case Primitive.Eigh(boolean vectors, boolean upper) -> {
                    List<Array> all = vectors ? out : Graph.applySeveral(new Primitive.Eigh(true, upper), x);
                    yield hermitian(all.get(0), all.get(1), arrived[0], vectors ? arrived[1] : null);
                }
                case Primitive.Eig(boolean vectors) -> {
                    List<Array> all = vectors ? out : Graph.applySeveral(new Primitive.Eig(true), x);
                    yield general(x.dtype(), all.get(0), all.get(1), arrived[0], vectors ? arrived[1] : null);
                }
                case Primitive.Lu() -> {
                    Array ct = arrived[0];
                    yield ct == null ? null : lu(out.get(0), out.get(2), ct);
                }
            }
        };
    }

    static Array cholesky(boolean upper, Array out, Array ct) {
        Array l = upper ? adjoint(out) : out;
        Array lower = (upper ? adjoint(ct) : ct).tril(0);
        Array p = halfDiagonal(adjoint(l).matmul(lower).tril(0));
        Array inner = solve(true, adjoint(l), p.add(adjoint(p)));
        return adjoint(solve(true, adjoint(l), adjoint(inner))).mul(0.5);
    }

    static @Nullable Array[] triangularSolve(boolean upper, Array a, Array out, Array ct, boolean[] needed) {
        Array side = solve(!upper, adjoint(a), ct);
        Array matrix = null;
        if (needed[0]) {
            Array product = side.matmul(adjoint(out)).neg();
            matrix = upper ? product.triu(0) : product.tril(0);
        }
        return new @Nullable Array[] {matrix, side};
    }

    private static @Nullable Array qr(Array x, Array q, Array r, @Nullable Array ctQ, @Nullable Array ctR) {
        int m = x.dim(-2);
        int n = x.dim(-1);
        if (m >= n) {
            return tallQr(q, r, ctQ, ctR);
        }
        // X = [A B] = Q [U V]: Q and U are those of A, and V = Qᴴ B.
        Array u = r.get(Index.rest(), Index.to(m));
        if (ctR == null) {
            return ctQ == null ? null : padColumns(tallQr(q, u, ctQ, null), n - m);
        }
        Array ctU = ctR.get(Index.rest(), Index.to(m));
        Array ctV = ctR.get(Index.rest(), Index.from(m));
        Array fromV = x.get(Index.rest(), Index.from(m)).matmul(adjoint(ctV));
        Array a = tallQr(q, u, ctQ == null ? fromV : ctQ.add(fromV), ctU);
        return Ops.concatenate(List.of(a, q.matmul(ctV)), -1);
    }

    private static Array padColumns(Array x, int columns) {
        return Ops.concatenate(
                List.of(x, Ops.zeros(x.shape().with(-1, columns), x.dtype())), -1);
    }

    private static Array tallQr(Array q, Array r, @Nullable Array ctQ, @Nullable Array ctR) {
        Array inner = ctR == null ? Ops.zerosLike(r) : ctR.triu(0).matmul(adjoint(r));
        if (ctQ != null) {
            inner = inner.sub(adjoint(q).matmul(ctQ));
        }
        Array upper = halfDiagonal(inner.triu(0));
        Array sum = q.matmul(upper.add(adjoint(upper)));
        return rightSolve(true, r, ctQ == null ? sum : sum.add(ctQ));
    }

    private static @Nullable Array singular(
            Primitive.Vectors vectors, Array x, List<Array> out, @Nullable Array[] arrived) {
        int k = Math.min(x.dim(-2), x.dim(-1));
        return switch (vectors) {
            case NONE -> {
                List<Array> thin = Graph.applySeveral(new Primitive.Svd(Primitive.Vectors.THIN), x);
                yield thinSvd(thin.get(0), thin.get(1), thin.get(2), null, arrived[0], null);
            }
            case THIN -> thinSvd(out.get(0), out.get(1), out.get(2), arrived[0], arrived[1], arrived[2]);
            case FULL -> {
                Array u = out.get(0).get(Index.rest(), Index.to(k));
                Array v = adjoint(out.get(2)).get(Index.rest(), Index.to(k));
                Array ctU = arrived[0] == null ? null : ofThin(out.get(0), u, arrived[0], k);
                Array ctV = arrived[2] == null ? null : ofThin(adjoint(out.get(2)), v, adjoint(arrived[2]), k);
                yield thinSvd(u, out.get(1), adjoint(v), ctU, arrived[1], ctV == null ? null : adjoint(ctV));
            }
        };
    }

    /// What the completing columns pass on to the first ones: they turn so as to stay at right angles to them.
    private static Array ofThin(Array full, Array thin, Array ct, int k) {
        Array first = ct.get(Index.rest(), Index.to(k));
        if (full.dim(-1) == k) {
            return first;
        }
        Array rest = full.get(Index.rest(), Index.from(k));
        Array ctRest = ct.get(Index.rest(), Index.from(k));
        return first.sub(rest.matmul(adjoint(ctRest).matmul(thin)));
    }

    private static @Nullable Array thinSvd(
            Array u, Array s, Array vh, @Nullable Array ctU, @Nullable Array ctS, @Nullable Array ctVh) {
        Array v = adjoint(vh);
        Array inner = ctS == null ? null : asDiagonal(ctS.astype(u.dtype()));
        Array values = s.astype(u.dtype());
        Array gaps = gaps(s.square(), u.dtype());
        Array inverse = inverse(values);
        Array outer = null;
        if (ctU != null) {
            Array product = adjoint(u).matmul(ctU);
            inner = plus(inner, gaps.mul(product.sub(adjoint(product))).mul(values.expandDims(-2)));
            outer = ctU.sub(u.matmul(product)).mul(inverse.expandDims(-2)).matmul(vh);
        }
        if (ctVh != null) {
            Array ctV = adjoint(ctVh);
            Array product = vh.matmul(ctV);
            inner = plus(inner, values.expandDims(-1).mul(gaps.mul(product.sub(adjoint(product)))));
            if (u.dtype().isComplex()) {
                Array diagonal = product.diagonal(0, -2, -1);
                inner = inner.add(asDiagonal(diagonal.conj().sub(diagonal).mul(inverse).mul(0.5)));
            }
            Array rest = ctV.sub(v.matmul(product)).mul(inverse.expandDims(-2));
            outer = plus(outer, u.matmul(adjoint(rest)));
        }
        if (inner == null) {
            return null;
        }
        Array result = u.matmul(inner).matmul(vh);
        return outer == null ? result : result.add(outer);
    }

    private static @Nullable Array hermitian(Array values, Array v, @Nullable Array ctValues, @Nullable Array ctV) {
        Array inner = ctValues == null ? null : asDiagonal(ctValues.astype(v.dtype()));
        if (ctV != null) {
            inner = plus(inner, gaps(values, v.dtype()).mul(adjoint(v).matmul(ctV)));
        }
        if (inner == null) {
            return null;
        }
        Array half = inner.mul(0.5);
        return v.matmul(half.add(adjoint(half))).matmul(adjoint(v));
    }

    /// See Boeddeker et al., "On the computation of complex-valued gradients with application to statistically optimum beamforming" (2017).
    private static @Nullable Array general(
            DType dtype, Array values, Array v, @Nullable Array ctValues, @Nullable Array ctV) {
        Array inner = ctValues == null ? null : asDiagonal(ctValues);
        if (ctV != null) {
            Array product = adjoint(v).matmul(ctV);
            // Vectors keep their length.
            Array along = product.diagonal(0, -2, -1).real().astype(v.dtype());
            Array across = product.sub(adjoint(v).matmul(v).mul(along.expandDims(-2)));
            inner = plus(inner, gaps(values, v.dtype()).conj().mul(across));
        }
        if (inner == null) {
            return null;
        }
        Array result = org.lazuli.ops.Matrices.solve(adjoint(v), inner.matmul(adjoint(v)));
        return dtype.isComplex() ? result : result.real().astype(dtype);
    }

    private static Array lu(Array packed, Array order, Array ct) {
        int m = packed.dim(-2);
        int n = packed.dim(-1);
        int k = Math.min(m, n);
        Array square = packed.get(Index.rest(), Index.to(k), Index.to(k));
        Array l = unitLower(square);
        Array u = square.triu(0);
        Array ctSquare = ct.get(Index.rest(), Index.to(k), Index.to(k));
        Array ctL = ctSquare.tril(-1);
        Array ctU = ctSquare.triu(0);
        Array rest = null;
        if (m < n) {
            // A = [B C] = L [U V]: V = L⁻¹ C.
            Array v = packed.get(Index.rest(), Index.from(k));
            rest = solve(true, adjoint(l), ct.get(Index.rest(), Index.from(k)));
            ctL = ctL.sub(rest.matmul(adjoint(v)).tril(-1));
        } else if (m > n) {
            // A = [B; C] = [L; M] U: M = C U⁻¹.
            Array lower = packed.get(Index.rest(), Index.from(k), Index.all());
            rest = rightSolve(true, u, ct.get(Index.rest(), Index.from(k), Index.all()));
            ctU = ctU.sub(adjoint(lower).matmul(rest).triu(0));
        }
        Array inner = adjoint(l).matmul(ctL).tril(-1).add(ctU.matmul(adjoint(u)).triu(0));
        Array permuted = rightSolve(true, u, solve(true, adjoint(l), inner));
        if (rest != null) {
            permuted = Ops.concatenate(List.of(permuted, rest), m < n ? -1 : -2);
        }
        return org.lazuli.ops.Matrices.takeRows(permuted, order.argsort(-1));
    }

    private static Array unitLower(Array packed) {
        int n = packed.dim(-1);
        return packed.tril(-1).add(Ops.eye(n, n, 0, packed.dtype()));
    }

    private static Array plus(@Nullable Array a, Array b) {
        return a == null ? b : a.add(b);
    }

    private static Array adjoint(Array x) {
        return x.conj().swapaxes(-1, -2);
    }

    private static Array solve(boolean upper, Array a, Array b) {
        return Graph.apply(new Primitive.TriangularSolve(upper), a, b);
    }

    /// `B A⁻ᴴ`, for a triangular A.
    private static Array rightSolve(boolean upper, Array a, Array b) {
        return adjoint(solve(upper, a, adjoint(b)));
    }

    private static Array halfDiagonal(Array x) {
        int n = x.dim(-1);
        return x.sub(x.mul(Ops.eye(n, n, 0, x.dtype())).mul(0.5));
    }

    private static Array asDiagonal(Array x) {
        int n = x.dim(-1);
        return x.expandDims(-2).mul(Ops.eye(n, n, 0, x.dtype()));
    }

    /// In row i and column j `1 / (x[j] - x[i])`, and 0 where they are equal.
    private static Array gaps(Array x, DType dtype) {
        return inverse(x.expandDims(-2).sub(x.expandDims(-1))).astype(dtype);
    }

    /// Elementwise, and 0 for 0.
    private static Array inverse(Array x) {
        Array zero = x.eq(0);
        return Ops.where(zero, Ops.zerosLike(x), Ops.where(zero, Ops.onesLike(x), x).reciprocal());
    }
}
