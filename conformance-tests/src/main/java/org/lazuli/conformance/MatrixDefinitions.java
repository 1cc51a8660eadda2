package org.lazuli.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.Vectors;
import org.lazuli.spi.TensorSpec;

/// What factors have to be to each other and to the operand.
///
/// Backward errors are bounded as N. Higham does in *Accuracy and Stability of Numerical Algorithms* (2002): by `γ = c n / (1 - c n)` in units of roundoff
/// with a small constant c, times the norm of the operand, times the root of n where a bound by columns becomes one by Frobenius norms
/// (theorems 8.5, 9.3, 10.3 and 19.4). Similarity transformations, section 28 of Golub and Van Loan's and chapter 7, are backward stable
/// likewise.
final class MatrixDefinitions {
    /// The small constant: reflections and rotations take some ten roundings for each element that they touch.
    private static final double C = 10;

    private MatrixDefinitions() {}

    /// `c n √n` units of roundoff.
    private static double error(DType dtype, int m, int n) {
        double size = Math.max(1, Math.max(m, n));
        DType part = dtype.isComplex() ? DType.FLOAT32 : dtype;
        return C * size * Math.sqrt(size) * Numbers.epsilon(part);
    }

    private static int batch(HostTensor x) {
        Shape shape = x.shape();
        return shape.slice(0, shape.rank() - 2).size();
    }

    private static @Nullable Finding small(String what, Matrix matrix, double allowed) {
        double norm = matrix.norm();
        // Written so that NaN does not pass.
        return norm <= allowed
                ? null
                : new Finding(
                        "definition",
                        what + " has norm " + norm,
                        "0",
                        Double.toString(norm),
                        Double.toString(allowed),
                        "",
                        "");
    }

    private static @Nullable Finding holds(String what, boolean holds) {
        return holds ? null : new Finding("definition", "not: " + what, what, "", "", "", "");
    }

    private static @Nullable Finding first(@Nullable Finding... findings) {
        for (Finding finding : findings) {
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    private static @Nullable Finding orthonormal(String name, Matrix q, double error) {
        return small(
                name + "ᴴ " + name + " - I",
                q.adjoint().times(q).minus(Matrix.identity(q.columns())),
                error * Math.sqrt(q.columns()));
    }

    private static @Nullable Finding triangular(String name, Matrix x, boolean upper) {
        return small(name + " outside of its triangle", x.minus(x.triangle(upper)), 0);
    }

    static @Nullable Finding qr(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        HostTensor x = operands.getFirst();
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b);
            Matrix q = Matrix.of(got.get(0), b);
            Matrix r = Matrix.of(got.get(1), b);
            double error = error(x.dtype(), a.rows(), a.columns());
            Finding finding = first(
                    triangular("R", r, true),
                    orthonormal("Q", q, error),
                    small("A - Q R", a.minus(q.times(r)), error * a.norm()));
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    static @Nullable Finding svd(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        Vectors vectors = ((Primitive.Svd) kernel).vectors();
        HostTensor x = operands.getFirst();
        HostTensor values = got.get(vectors == Vectors.NONE ? 0 : 1);
        int k = values.shape().dim(-1);
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b);
            double error = error(x.dtype(), a.rows(), a.columns());
            Finding finding = holds("singular values are in descending order", descend(values, b * k, k));
            if (finding != null) {
                return finding;
            }
            if (vectors == Vectors.NONE) {
                finding = nearby(oracle.same(kernel, operands).getFirst(), values, b * k, k, error * a.norm());
            } else {
                Matrix u = Matrix.of(got.get(0), b);
                Matrix vh = Matrix.of(got.get(2), b);
                Matrix s = Matrix.diagonal(values, b, /* rows= */ u.columns(), /* columns= */ vh.rows());
                finding = first(
                        orthonormal("U", u, error),
                        orthonormal("V", vh.adjoint(), error),
                        small("A - U S Vᴴ", a.minus(u.times(s).times(vh)), error * a.norm()));
            }
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    private static boolean descend(HostTensor values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!(values.number(i) >= 0 && (i == from || values.number(i) <= values.number(i - 1)))) {
                return false;
            }
        }
        return true;
    }

    /// By Weyl's theorem values change by no more than the matrix does.
    private static @Nullable Finding nearby(HostTensor expected, HostTensor got, int from, int count, double allowed) {
        for (int i = from; i < from + count; i++) {
            double error = Math.abs(expected.number(i) - got.number(i));
            if (!(error <= allowed)) {
                return new Finding(
                        "value",
                        "value " + (i - from) + " is " + got.number(i),
                        Double.toString(expected.number(i)),
                        Double.toString(error),
                        Double.toString(allowed),
                        "",
                        "");
            }
        }
        return null;
    }

    static @Nullable Finding eigh(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        Primitive.Eigh eigh = (Primitive.Eigh) kernel;
        HostTensor x = operands.getFirst();
        HostTensor values = got.getFirst();
        int n = values.shape().dim(-1);
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b).hermitian(eigh.upper());
            double error = error(x.dtype(), n, n);
            boolean ascending = true;
            for (int i = b * n + 1; i < (b + 1) * n; i++) {
                ascending &= values.number(i) >= values.number(i - 1);
            }
            Finding finding = holds("eigenvalues are in ascending order", ascending);
            if (finding == null && eigh.vectors()) {
                Matrix v = Matrix.of(got.get(1), b);
                Matrix lambda = Matrix.diagonal(values, b, n, n);
                finding = first(
                        orthonormal("V", v, error),
                        small("A V - V Λ", a.times(v).minus(v.times(lambda)), error * a.norm()));
            } else if (finding == null) {
                finding = nearby(oracle.same(kernel, operands).getFirst(), values, b * n, n, error * a.norm());
            }
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    /// Each value is an eigenvalue of a matrix close by: A - λ I is close to a singular one. Results are complex64 whatever the operand is.
    static @Nullable Finding eig(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        HostTensor x = operands.getFirst();
        HostTensor values = got.getFirst();
        int n = values.shape().dim(-1);
        double error = error(DType.COMPLEX64, n, n);
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b);
            for (int i = 0; i < n; i++) {
                double distance = distance(oracle, a, values.number(b * n + i), values.imaginary(b * n + i));
                if (!(distance <= error * a.norm())) {
                    return new Finding(
                            "definition",
                            "eigenvalue " + i + " is one of a matrix " + distance + " away",
                            "0",
                            Double.toString(distance),
                            Double.toString(error * a.norm()),
                            "",
                            "");
                }
            }
            if (got.size() > 1) {
                Matrix v = Matrix.of(got.get(1), b);
                Matrix lambda = Matrix.diagonal(values, b, n, n);
                Finding finding = small("A V - V Λ", a.times(v).minus(v.times(lambda)), error * a.norm());
                Matrix gram = v.adjoint().times(v);
                for (int i = 0; i < n && finding == null; i++) {
                    finding = holds("eigenvectors have length 1", Math.abs(gram.abs(i, i) - 1) <= error);
                }
                if (finding != null) {
                    return finding;
                }
            }
        }
        return null;
    }

    /// The least singular value of A - λ I.
    private static double distance(Oracle oracle, Matrix a, double re, double im) {
        int n = a.rows();
        double[] numbers = new double[2 * n * n];
        for (int i = 0; i < n * n; i++) {
            boolean diagonal = i / n == i % n;
            numbers[2 * i] = a.re()[i] - (diagonal ? re : 0);
            numbers[2 * i + 1] = a.im()[i] - (diagonal ? im : 0);
        }
        HostTensor shifted = HostTensor.of(new TensorSpec(DType.COMPLEX64, Shape.of(n, n)), numbers);
        return oracle.same(new Primitive.Svd(Vectors.NONE), List.of(shifted))
                .getFirst()
                .number(n - 1);
    }

    static @Nullable Finding cholesky(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        boolean upper = ((Primitive.Cholesky) kernel).upper();
        HostTensor x = operands.getFirst();
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b).hermitian(upper);
            Matrix factor = Matrix.of(got.getFirst(), b);
            Matrix product = upper ? factor.adjoint().times(factor) : factor.times(factor.adjoint());
            boolean positive = true;
            for (int i = 0; i < factor.rows(); i++) {
                positive &= factor.re()[i * factor.columns() + i] > 0 && factor.im()[i * factor.columns() + i] == 0;
            }
            Finding finding = first(
                    triangular("the factor", factor, upper),
                    holds("the diagonal is positive", positive),
                    small("A - L Lᴴ", a.minus(product), error(x.dtype(), a.rows(), a.rows()) * a.norm()));
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    /// True if some matrix has an eigenvalue that is not positive, or that rounding errors could make so.
    static boolean isNotPositive(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        boolean upper = ((Primitive.Cholesky) kernel).upper();
        HostTensor x = operands.getFirst();
        HostTensor values =
                oracle.same(new Primitive.Eigh(false, upper), operands).getFirst();
        int n = x.shape().dim(-1);
        for (int b = 0; n > 0 && b < batch(x); b++) {
            double norm = Matrix.of(x, b).hermitian(upper).norm();
            if (values.number(b * n) <= error(x.dtype(), n, n) * norm) {
                return true;
            }
        }
        return false;
    }

    /// True if some matrix has a zero on its diagonal.
    static boolean isSingular(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        HostTensor x = operands.getFirst();
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b);
            for (int i = 0; i < a.rows(); i++) {
                if (a.abs(i, i) == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    static @Nullable Finding lu(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        HostTensor x = operands.getFirst();
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int k = Math.min(m, n);
        for (int b = 0; b < batch(x); b++) {
            Matrix a = Matrix.of(x, b);
            Matrix packed = Matrix.of(got.getFirst(), b);
            int[] order = new int[m];
            java.util.Arrays.setAll(order, i -> i);
            boolean agree = true;
            for (int i = 0; i < k; i++) {
                int pivot = (int) got.get(1).number(b * k + i);
                if (pivot < i || pivot >= m) {
                    return holds("rows are exchanged with rows below", false);
                }
                int row = order[i];
                order[i] = order[pivot];
                order[pivot] = row;
            }
            boolean bounded = true;
            for (int i = 0; i < m; i++) {
                agree &= order[i] == got.get(2).number(b * m + i);
                for (int j = 0; j < Math.min(i, k); j++) {
                    // A pivot is the largest by the sum of both parts' magnitudes.
                    bounded &= packed.abs(i, j) <= Math.sqrt(2) * (1 + error(x.dtype(), 1, 1));
                }
            }
            Matrix lower = packed.triangle(false).part(m, k);
            for (int i = 0; i < k; i++) {
                lower.re()[i * k + i] = 1;
                lower.im()[i * k + i] = 0;
            }
            Matrix upper = packed.part(k, n).triangle(true);
            double magnitude = lower.magnitudes().times(upper.magnitudes()).norm();
            Finding finding = first(
                    holds("the order of rows is what the exchanges make", agree),
                    holds("no multiplier is larger than 1", bounded),
                    small("P A - L U", a.ordered(order).minus(lower.times(upper)), error(x.dtype(), m, n) * magnitude));
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    /// The residual is small beside what is added up, element by element.
    static @Nullable Finding solve(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        boolean upper = ((Primitive.TriangularSolve) kernel).upper();
        HostTensor x = operands.getFirst();
        for (int b = 0; b < batch(x); b++) {
            Matrix t = Matrix.of(x, b).triangle(upper);
            Matrix solution = Matrix.of(got.getFirst(), b);
            Matrix residual = Matrix.of(operands.get(1), b).minus(t.times(solution));
            Matrix sums = t.magnitudes().times(solution.magnitudes());
            double error = error(x.dtype(), t.rows(), 1);
            for (int i = 0; i < residual.rows(); i++) {
                for (int j = 0; j < residual.columns(); j++) {
                    double allowed = error * sums.abs(i, j);
                    if (!(residual.abs(i, j) <= allowed)) {
                        return small("B - T X, of which row " + i + " is too large,", residual, allowed);
                    }
                }
            }
        }
        return null;
    }
}
