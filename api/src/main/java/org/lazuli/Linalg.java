package org.lazuli;

import org.lazuli.ops.Norms;

/// Linear algebra.
///
/// See also: MLX, *Linear Algebra*.
public final class Linalg {
    private Linalg() {}

    /// The Euclidean norm of all elements.
    public static Array norm(Array x) {
        return Norms.euclidean(x, Axes.all());
    }

    /// The Euclidean norm along these axes: of vectors along one, the Frobenius norm of matrices along two.
    public static Array norm(Array x, Axes axes) {
        return Norms.euclidean(x, axes);
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

    /// A norm along one axis, of vectors, or two, of matrices.
    ///
    /// @param order of a vector p, or infinity for the largest and minus infinity for the smallest magnitude, 0 for the number of elements that
    ///     are not 0; of a matrix 1 or infinity for the largest sum of magnitudes of a column or row, -1 or minus infinity for the
    ///     smallest
    /// @throws IllegalArgumentException if there is no such norm
    public static Array norm(Array x, double order, Axes axes) {
        return Norms.norm(x, order, axes);
    }
}
