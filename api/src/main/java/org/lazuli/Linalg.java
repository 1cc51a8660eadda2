package org.lazuli;

import java.util.List;
import org.lazuli.ops.Matrices;
import org.lazuli.ops.Norms;
import org.lazuli.spi.Primitive.Vectors;

/// Linear algebra: norms, decompositions, and what is solved with them.
///
/// Matrices are the last two axes; leading axes are a batch, of which each matrix is treated by itself. Decompositions need float32, float64 or
/// complex64. They are computed in double precision and rounded once, on the reference backend where a device has no kernel for them.
///
/// ```java
/// var a = Ops.array(new float[][] {{4, 1}, {1, 3}});
/// var b = Ops.array(new float[] {1, 2});
///
/// var x = Linalg.solve(a, b);                      // a x = b
/// var l = Linalg.cholesky(a);                      // l lᵀ = a
/// var svd = Linalg.svd(a);
/// var again = svd.u().mul(svd.s()).matmul(svd.vt());
/// ```
///
/// Everything here has a gradient. Where a decomposition is not unique (the sign of a singular vector, the basis of an eigenspace), the gradient is that
/// of functions that do not depend on the choice. A problem that only the values show (a matrix that is singular, or not positive definite)
/// is an [ArithmeticException] when the result is evaluated.
///
/// A matrix with NaN or an infinity in it has NaN for its singular values, its eigenvalues and their vectors.
///
/// See also: MLX, *Linear Algebra*.
public final class Linalg {
    private Linalg() {}

    // ------------------------------------------------------------------------------------------------- norms

    /// The Euclidean norm of all elements.
    public static Array norm(Array x) {
        return Norms.euclidean(x, Axes.all());
    }

    /// The Euclidean norm along these axes: of vectors along one, the Frobenius norm of matrices along two.
    public static Array norm(Array x, Axes axes) {
        return Norms.euclidean(x, axes);
    }

    /// The norm of this order of a vector, or of a matrix; see [#norm(Array, double, Axes)].
    public static Array norm(Array x, double order) {
        return Norms.norm(x, order, Axes.all());
    }

    /// A norm along one axis, of vectors, or two, of matrices.
    ///
    /// @param order of a vector p, or infinity for the largest and minus infinity for the smallest magnitude, 0 for the number of elements that
    ///     are not 0; of a matrix 1 or infinity for the largest sum of magnitudes of a column or row, -1 or minus infinity for the
    ///     smallest, 2 for the largest singular value and -2 for the smallest
    /// @throws IllegalArgumentException if there is no such norm
    public static Array norm(Array x, double order, Axes axes) {
        return Norms.norm(x, order, axes);
    }

    /// The Frobenius norm of matrices: the Euclidean norm of all their elements.
    ///
    /// @throws IllegalArgumentException if there are not two axes
    public static Array frobenius(Array x, Axes axes) {
        if (axes.resolve(x.shape(), "frobenius").length != 2) {
            throw new IllegalArgumentException(
                    "frobenius: needs the two axes of matrices, got " + axes + " of shape " + x.shape() + "; use norm");
        }
        return norm(x, axes);
    }

    /// The nuclear norm of matrices: the sum of their singular values.
    ///
    /// @throws IllegalArgumentException if there are not two axes
    public static Array nuclear(Array x, Axes axes) {
        return Norms.nuclear(x, axes);
    }

    /// The Frobenius norm of the matrices along the last two axes.
    public static Array matrixNorm(Array x) {
        return frobenius(x, Axes.of(-2, -1));
    }

    // -------------------------------------------------------------------------------------------- factorizations

    /// The factors of a [#qr].
    ///
    /// @param q of shape (…,m,k), with orthonormal columns
    /// @param r of shape (…,k,n), upper triangular
    public record Qr(Array q, Array r) {}

    /// Q and R with Q R = x, for x of shape (…,m,n), and k the smaller of m and n.
    ///
    /// Its gradient needs the first k columns of x to be independent.
    ///
    /// @throws IllegalArgumentException if x holds no matrices of float32, float64 or complex64
    public static Qr qr(Array x) {
        List<Array> parts = Matrices.qr(x);
        return new Qr(parts.get(0), parts.get(1));
    }

    /// The parts of an [#svd].
    ///
    /// @param u left singular vectors as columns, of shape (…,m,m)
    /// @param s singular values in descending order, of shape (…,k), real
    /// @param vt right singular vectors, conjugated, as rows, of shape (…,n,n)
    public record Svd(Array u, Array s, Array vt) {}

    /// The singular value decomposition of x of shape (…,m,n): the first k columns of u, times s, times the first k rows of vt give x, for k the smaller
    /// of m and n. u and vt are square and unitary.
    ///
    /// @throws IllegalArgumentException if x holds no matrices of float32, float64 or complex64
    public static Svd svd(Array x) {
        List<Array> parts = Matrices.svd(x, Vectors.FULL);
        return new Svd(parts.get(0), parts.get(1), parts.get(2));
    }

    /// The singular values alone, in descending order: MLX's `svd(x, compute_uv=False)`.
    public static Array svdvals(Array x) {
        return Matrices.svd(x, Vectors.NONE).get(0);
    }

    /// The lower triangular L with L Lᴴ = x. Only the lower triangle of x is read.
    ///
    /// Evaluation throws [ArithmeticException] if a matrix is not positive definite.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static Array cholesky(Array x) {
        return cholesky(x, false);
    }

    /// The lower triangular factor L, or with `upper` U with Uᴴ U = x, for which only the upper triangle of x is read.
    public static Array cholesky(Array x, boolean upper) {
        return Matrices.cholesky(x, upper);
    }

    /// The factors of an [#lu].
    ///
    /// @param p the row of `l u` that each row of the operand is, uint32 of shape (…,m)
    /// @param l of shape (…,m,k), with ones on the diagonal and zeros above
    /// @param u of shape (…,k,n), upper triangular
    public record Lu(Array p, Array l, Array u) {}

    /// L and U with x = L[P] U, found with partial pivoting, for x of shape (…,m,n) and k the smaller of m and n.
    ///
    /// @throws IllegalArgumentException if x holds no matrices of float32, float64 or complex64
    public static Lu lu(Array x) {
        List<Array> parts = Matrices.lu(x);
        return new Lu(parts.get(0), parts.get(1), parts.get(2));
    }

    /// The result of [#luFactor].
    ///
    /// @param lu both factors in one array: L below the diagonal without its ones, and U from the diagonal on
    /// @param pivots the row that each step exchanged its own with, uint32 of shape (…,k)
    public record LuFactor(Array lu, Array pivots) {}

    /// The factors of [#lu] in their compact form.
    public static LuFactor luFactor(Array x) {
        List<Array> parts = Matrices.luFactor(x, "luFactor");
        return new LuFactor(parts.get(0), parts.get(1));
    }

    // ----------------------------------------------------------------------------------------------- eigenvalues

    /// The parts of an [#eig] or [#eigh].
    ///
    /// @param values of shape (…,n)
    /// @param vectors as columns, of shape (…,n,n)
    public record Eig(Array values, Array vectors) {}

    /// Eigenvalues and eigenvectors of square matrices, complex64. Vectors have length 1. The eigenvalues of a real matrix that are not real come as
    /// pairs of conjugates.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static Eig eig(Array x) {
        List<Array> parts = Matrices.eig(x, true, "eig");
        return new Eig(parts.get(0), parts.get(1));
    }

    /// The eigenvalues of square matrices, complex64.
    public static Array eigvals(Array x) {
        return Matrices.eig(x, false, "eigvals").get(0);
    }

    /// Eigenvalues, in ascending order and real, and orthonormal eigenvectors of symmetric or Hermitian matrices. Only the lower triangle is read.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static Eig eigh(Array x) {
        return eigh(x, false);
    }

    /// Eigenvalues and eigenvectors of symmetric or Hermitian matrices, of which the lower triangle is read, or with `upper` (MLX's `UPLO="U"`) the
    /// upper one.
    public static Eig eigh(Array x, boolean upper) {
        List<Array> parts = Matrices.eigh(x, true, upper, "eigh");
        return new Eig(parts.get(0), parts.get(1));
    }

    /// The eigenvalues of symmetric or Hermitian matrices, of which the lower triangle is read.
    public static Array eigvalsh(Array x) {
        return eigvalsh(x, false);
    }

    /// The eigenvalues of symmetric or Hermitian matrices, of which the lower or the upper triangle is read.
    public static Array eigvalsh(Array x, boolean upper) {
        return Matrices.eigh(x, false, upper, "eigvalsh").get(0);
    }

    // --------------------------------------------------------------------------------------- systems and inverses

    /// The solution of `a x = b`, for square a of shape (…,n,n) and b of shape (…,n,m), or (n) for one right-hand side. Leading axes broadcast.
    ///
    /// Evaluation throws [ArithmeticException] if a matrix is singular.
    ///
    /// @throws IllegalArgumentException if the shapes do not fit or the types are not float32, float64 or complex64
    public static Array solve(Array a, Array b) {
        return Matrices.solve(a, b);
    }

    /// The solution of `a x = b` for a triangular a, of which the lower triangle is read, or with `upper` the upper one.
    ///
    /// Evaluation throws [ArithmeticException] if there is a zero on the diagonal.
    public static Array solveTriangular(Array a, Array b, boolean upper) {
        return Matrices.solveTriangular(a, b, upper);
    }

    /// The inverse of square matrices. To multiply by it, [#solve] is faster and more exact.
    ///
    /// Evaluation throws [ArithmeticException] if a matrix is singular.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static Array inv(Array x) {
        return Matrices.inv(x);
    }

    /// The inverse of lower triangular matrices.
    public static Array triInv(Array x) {
        return triInv(x, false);
    }

    /// The inverse of triangular matrices: of the lower triangle, or the upper one.
    public static Array triInv(Array x, boolean upper) {
        return Matrices.triInv(x, upper);
    }

    /// The inverse of the matrix whose lower Cholesky factor this is.
    public static Array choleskyInv(Array factor) {
        return choleskyInv(factor, false);
    }

    /// The inverse of the matrix whose lower or upper Cholesky factor this is.
    public static Array choleskyInv(Array factor, boolean upper) {
        return Matrices.choleskyInv(factor, upper);
    }

    /// The Moore-Penrose inverse, of shape (…,n,m) for x of shape (…,m,n). Singular values of at most `10 max(m, n) eps` of the largest one count as
    /// zero.
    ///
    /// @throws IllegalArgumentException if x holds no matrices of float32, float64 or complex64
    public static Array pinv(Array x) {
        return Matrices.pinv(x);
    }

    // ----------------------------------------------------------------------------------- determinants and products

    /// The determinant of square matrices, of the shape of the leading axes. It overflows easily: see [#slogdet].
    ///
    /// The gradient of matrices with more than 3 rows needs them to be invertible.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static Array det(Array x) {
        return Matrices.det(x);
    }

    /// The result of [#slogdet]: the determinant is `sign * exp(logabsdet)`.
    ///
    /// @param sign -1, 0 or 1, or of modulus 1 or 0 for complex matrices
    /// @param logabsdet minus infinity for a singular matrix
    public record SlogDet(Array sign, Array logabsdet) {}

    /// The sign of the determinant and the logarithm of its magnitude.
    ///
    /// @throws IllegalArgumentException if x holds no square matrices of float32, float64 or complex64
    public static SlogDet slogdet(Array x) {
        List<Array> parts = Matrices.slogdet(x);
        return new SlogDet(parts.get(0), parts.get(1));
    }

    /// The cross product of vectors along the last axis.
    public static Array cross(Array a, Array b) {
        return cross(a, b, -1);
    }

    /// The cross product of vectors with 2 or 3 components along an axis; the other axes broadcast. A third component that is missing counts as 0; the
    /// result always has 3.
    ///
    /// @throws IllegalArgumentException if there are not 2 or 3 components
    public static Array cross(Array a, Array b, int axis) {
        return Matrices.cross(a, b, axis);
    }
}
