package org.lazuli.cpu;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Eigenvalues and eigenvectors of a Hermitian matrix: reflections to a real tridiagonal one, then the QL algorithm with implicit shifts.
///
/// See Golub and Van Loan, *Matrix Computations*, 4th edition, section 8.3, and Dubrulle, Martin and Wilkinson, "The implicit QL algorithm" (1968).
///
/// @param values in ascending order
/// @param vectors as columns, or null if they were not asked for
record HermitianEigen(double[] values, @Nullable Dense vectors) {
    private static final int ITERATIONS = 60;

    /// @param a both triangles of which are filled
    static HermitianEigen of(Dense a, boolean vectors) {
        int n = a.rows;
        double unit = a.normalize();
        Reflection[] reflections = new Reflection[Math.max(n - 1, 0)];
        double[] diagonal = new double[n];
        double[] next = new double[n];
        for (int k = 0; k < n - 1; k++) {
            Reflection reflection = Reflection.ofColumn(a, k + 1, k);
            reflection.applyLeft(a, k + 1, true);
            reflection.applyRight(a);
            reflections[k] = reflection;
            diagonal[k] = a.re[k][k];
            next[k] = reflection.beta();
        }
        if (n > 0) {
            diagonal[n - 1] = a.re[n - 1][n - 1];
        }
        Dense turns = null;
        if (vectors) {
            Dense q = Dense.identity(n, a.isComplex());
            Reflection.multiply(reflections, q);
            turns = q.transposed();
        }
        diagonalize(diagonal, next, turns);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> diagonal[i]));
        double[] values = new double[n];
        Arrays.setAll(values, i -> diagonal[order[i]] * unit);
        if (turns == null) {
            return new HermitianEigen(values, null);
        }
        Dense columns = new Dense(n, n, a.isComplex());
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                columns.set(i, k, turns.re[order[k]][i], turns.imaginary(order[k], i));
            }
        }
        return new HermitianEigen(values, columns);
    }

    /// Makes a real symmetric tridiagonal matrix diagonal.
    ///
    /// @param d its diagonal, which becomes the eigenvalues
    /// @param e what is beside the diagonal, and one element more
    /// @param turns the rows that belong to the diagonal's elements are turned with them
    private static void diagonalize(double[] d, double[] e, @Nullable Dense turns) {
        for (int first = 0; first < d.length; first++) {
            for (int iteration = 0; ; iteration++) {
                int last = blockEnd(d, e, first);
                if (last == first) {
                    break;
                }
                if (iteration == ITERATIONS) {
                    throw new ArithmeticException("eigh: no convergence after " + ITERATIONS + " iterations");
                }
                step(d, e, first, last, turns);
            }
        }
    }

    /// Where the block that begins at `first` ends: at the first element beside the diagonal that is negligible.
    private static int blockEnd(double[] d, double[] e, int first) {
        int last = first;
        while (last < d.length - 1) {
            double scale = Math.abs(d[last]) + Math.abs(d[last + 1]);
            if (Math.abs(e[last]) <= Math.ulp(1.0) / 2 * scale || Math.abs(e[last]) < Double.MIN_NORMAL) {
                return last;
            }
            last++;
        }
        return last;
    }

    /// One QL step with the shift of Wilkinson: rotations chase the bulge from the end of the block to its beginning.
    private static void step(double[] d, double[] e, int first, int last, @Nullable Dense turns) {
        double half = (d[first + 1] - d[first]) / (2 * e[first]);
        double shift = d[first] - e[first] / (half + Math.copySign(Math.hypot(half, 1), half));
        double g = d[last] - shift;
        double cosine = 1;
        double sine = 1;
        double carried = 0;
        for (int i = last - 1; i >= first; i--) {
            double bulge = sine * e[i];
            double below = cosine * e[i];
            double length = Math.hypot(bulge, g);
            e[i + 1] = length;
            if (length == 0) {
                // The block has come apart.
                d[i + 1] -= carried;
                e[last] = 0;
                return;
            }
            sine = bulge / length;
            cosine = g / length;
            double moved = d[i + 1] - carried;
            double rest = (d[i] - moved) * sine + 2 * cosine * below;
            carried = sine * rest;
            d[i + 1] = moved + carried;
            g = cosine * rest - below;
            if (turns != null) {
                turns.rotate(i, i + 1, cosine, sine);
            }
        }
        d[first] -= carried;
        e[first] = g;
        e[last] = 0;
    }
}
