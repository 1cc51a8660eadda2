package org.lazuli.cpu;

/// Triangular factors and systems, each step a multiple of one row added to another.
///
/// See Golub and Van Loan, *Matrix Computations*, 4th edition, chapters 3 and 4.
final class LinearSystems {
    private LinearSystems() {}

    /// Replaces a matrix by its factors L, without its diagonal of ones, and U.
    ///
    /// @param pivots receives the row that each step exchanged its own with
    /// @param order receives the order of rows that these exchanges make
    static void factor(Dense a, int[] pivots, int[] order) {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int k = 0; k < pivots.length; k++) {
            int pivot = k;
            for (int i = k + 1; i < a.rows; i++) {
                // As LAPACK compares: the sum of both parts' magnitudes.
                pivot = size(a, i, k) > size(a, pivot, k) ? i : pivot;
            }
            pivots[k] = pivot;
            a.swapRows(k, pivot);
            int moved = order[k];
            order[k] = order[pivot];
            order[pivot] = moved;
            Complex diagonal = new Complex(a.re[k][k], a.imaginary(k, k));
            if (diagonal.re() == 0 && diagonal.im() == 0) {
                continue;
            }
            for (int i = k + 1; i < a.rows; i++) {
                Complex factor = a.isComplex()
                        ? new Complex(a.re[i][k], a.imaginary(i, k)).over(diagonal)
                        : new Complex(a.re[i][k] / diagonal.re(), 0);
                a.set(i, k, factor.re(), factor.im());
                if (factor.re() != 0 || factor.im() != 0) {
                    a.add(i, -factor.re(), -factor.im(), a, k, k + 1);
                }
            }
        }
    }

    private static double size(Dense a, int i, int j) {
        return Math.abs(a.re[i][j]) + Math.abs(a.imaginary(i, j));
    }

    /// Replaces the upper triangle of a Hermitian matrix by U with Uᴴ U the matrix, and clears what is below.
    ///
    /// @return the first step that met a pivot that is not positive, or -1
    static int cholesky(Dense a) {
        for (int k = 0; k < a.rows; k++) {
            double pivot = a.re[k][k];
            if (pivot <= 0) {
                return k;
            }
            double root = Math.sqrt(pivot);
            a.scale(k, 1 / root, k + 1);
            a.set(k, k, root, 0);
            for (int i = k + 1; i < a.rows; i++) {
                a.add(i, -a.re[k][i], a.imaginary(k, i), a, k, i);
                a.set(i, k, 0, 0);
            }
        }
        return -1;
    }

    /// Replaces B by X with A X = B.
    ///
    /// @param upper which triangle of A counts
    /// @return the first element of the diagonal that is zero, or -1
    static int solve(Dense a, boolean upper, Dense b) {
        int n = a.rows;
        for (int i = 0; i < n; i++) {
            if (a.re[i][i] == 0 && a.imaginary(i, i) == 0) {
                return i;
            }
        }
        for (int step = 0; step < n; step++) {
            int i = upper ? n - 1 - step : step;
            if (a.isComplex()) {
                Complex inverse = Complex.ONE.over(new Complex(a.re[i][i], a.imaginary(i, i)));
                b.turn(i, inverse.re(), inverse.im());
            } else {
                divide(b.re[i], a.re[i][i]);
            }
            for (int j = upper ? 0 : i + 1; j < (upper ? i : n); j++) {
                if (a.re[j][i] != 0 || a.imaginary(j, i) != 0) {
                    b.add(j, -a.re[j][i], -a.imaginary(j, i), b, i, 0);
                }
            }
        }
        return -1;
    }

    private static void divide(double[] row, double by) {
        for (int j = 0; j < row.length; j++) {
            row[j] /= by;
        }
    }
}
