package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;

/// Eigenvalues and eigenvectors of any square matrix, in complex arithmetic: reflections to Hessenberg form, the QR algorithm with single shifts to a
/// triangular one, and substitution.
///
/// See Golub and Van Loan, *Matrix Computations*, 4th edition, chapter 7.
///
/// @param values as one row
/// @param vectors of length 1, as rows, or null if they were not asked for
record GeneralEigen(Dense values, @Nullable Dense vectors) {
    private static final double EPS = Math.ulp(1.0) / 2;
    private static final int ITERATIONS = 60;
    private static final int PATIENCE = 15;

    /// What has no square any more, beside a largest element of about 1.
    private static final double VANISHING = 1e-100;

    static GeneralEigen of(Dense operand, boolean vectors) {
        int n = operand.rows;
        Dense h = new Dense(n, n, true);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                h.set(i, j, operand.re[i][j], operand.imaginary(i, j));
            }
        }
        double unit = h.normalize();
        // Rows of the transpose of the unitary factor.
        Dense turns = hessenberg(h, vectors);
        triangularize(h, turns);
        Dense values = new Dense(1, n, true);
        for (int k = 0; k < n; k++) {
            values.set(0, k, h.re[k][k], h.imaginary(k, k));
        }
        Dense found = turns == null ? null : vectors(h, turns);
        GeneralEigen result = new GeneralEigen(values, found);
        GeneralEigen ordered = operand.isComplex() ? result : RealPairs.of(result);
        ordered.values.turn(0, unit, 0);
        return ordered;
    }

    /// Clears a matrix below its first subdiagonal.
    private static @Nullable Dense hessenberg(Dense h, boolean vectors) {
        int n = h.rows;
        Reflection[] reflections = new Reflection[Math.max(n - 2, 0)];
        for (int k = 0; k < reflections.length; k++) {
            Reflection reflection = Reflection.ofColumn(h, k + 1, k);
            reflection.applyLeft(h, k + 1, true);
            reflection.applyRight(h);
            h.set(k + 1, k, reflection.beta(), 0);
            for (int i = k + 2; i < n; i++) {
                h.set(i, k, 0, 0);
            }
            reflections[k] = reflection;
        }
        if (!vectors) {
            return null;
        }
        Dense q = Dense.identity(n, true);
        Reflection.multiply(reflections, q);
        return q.transposed();
    }

    private static void triangularize(Dense h, @Nullable Dense turns) {
        int last = h.rows - 1;
        int iteration = 0;
        while (last > 0) {
            int first = last;
            while (first > 0 && !isNegligible(h, first, iteration)) {
                first--;
            }
            if (first > 0) {
                h.set(first, first - 1, 0, 0);
            }
            if (first == last) {
                last--;
                iteration = 0;
                continue;
            }
            if (++iteration > ITERATIONS) {
                throw new ArithmeticException("eig: no convergence after " + ITERATIONS + " iterations");
            }
            step(h, turns, first, last, shift(h, last, iteration));
        }
    }

    /// Measured by its neighbours on the diagonal, and, where that does not come to an end, by the whole matrix, which is about 1: a block that is
    /// nothing but rounding errors has no eigenvalues to find.
    private static boolean isNegligible(Dense h, int row, int iteration) {
        double scale = h.modulus(row, row) + h.modulus(row - 1, row - 1);
        double beside = h.modulus(row, row - 1);
        return beside < VANISHING || beside <= EPS * (scale == 0 || iteration > PATIENCE ? 1 : scale);
    }

    /// The eigenvalue of the last block of two that is closer to the last element; now and then another number, for matrices that it leaves as they are.
    private static Complex shift(Dense h, int last, int iteration) {
        Complex d = at(h, last, last);
        if (iteration % 10 == 0) {
            return d.plus(new Complex(0.75 * h.modulus(last, last - 1), 0));
        }
        Complex a = at(h, last - 1, last - 1);
        Complex product = at(h, last - 1, last).times(at(h, last, last - 1));
        Complex half = a.minus(d).times(0.5);
        Complex root = half.times(half).plus(product).sqrt();
        // The root that does not cancel.
        Complex sum = half.re() * root.re() + half.im() * root.im() < 0 ? half.minus(root) : half.plus(root);
        return sum.abs() < VANISHING ? d : d.minus(product.over(sum));
    }

    private static Complex at(Dense h, int i, int j) {
        return new Complex(h.re[i][j], h.imaginary(i, j));
    }

    /// One step on a block: with the shift taken off, Q R becomes R Q.
    private static void step(Dense h, @Nullable Dense turns, int first, int last, Complex shift) {
        addToDiagonal(h, first, last, shift.negated());
        int count = last - first;
        Complex[] a = new Complex[count];
        Complex[] b = new Complex[count];
        for (int k = 0; k < count; k++) {
            int row = first + k;
            Complex x = at(h, row, row);
            Complex y = at(h, row + 1, row);
            double length = Math.hypot(x.abs(), y.abs());
            a[k] = length == 0 ? Complex.ONE : x.times(1 / length);
            b[k] = length == 0 ? new Complex(0, 0) : y.times(1 / length);
            turnRows(h, row, a[k], b[k]);
            h.set(row + 1, row, 0, 0);
        }
        turnColumns(h, first, last, a, b);
        if (turns != null) {
            for (int k = 0; k < count; k++) {
                turnPair(turns, first + k, a[k], b[k]);
            }
        }
        addToDiagonal(h, first, last, shift);
    }

    private static void addToDiagonal(Dense h, int first, int last, Complex x) {
        for (int k = first; k <= last; k++) {
            h.set(k, k, h.re[k][k] + x.re(), h.imaginary(k, k) + x.im());
        }
    }

    /// Rows (x, y) become (ā x + b̄ y, a y - b x), from column `row` on.
    private static void turnRows(Dense h, int row, Complex a, Complex b) {
        turnRows(h.re[row], row(h, row), h.re[row + 1], row(h, row + 1), row, a.re(), a.im(), b.re(), b.im());
    }

    private static void turnRows(
            double[] xRe,
            double[] xIm,
            double[] yRe,
            double[] yIm,
            int from,
            double aRe,
            double aIm,
            double bRe,
            double bIm) {
        for (int j = from; j < xRe.length; j++) {
            double x = xRe[j];
            double xi = xIm[j];
            double y = yRe[j];
            double yi = yIm[j];
            xRe[j] = aRe * x + aIm * xi + bRe * y + bIm * yi;
            xIm[j] = aRe * xi - aIm * x + bRe * yi - bIm * y;
            yRe[j] = aRe * y - aIm * yi - bRe * x + bIm * xi;
            yIm[j] = aRe * yi + aIm * y - bRe * xi - bIm * x;
        }
    }

    /// Columns (x, y) of each neighbouring pair become (a x + b y, ā y - b̄ x), in the rows down to the one below the pair's diagonal: row by row, so
    /// that what is read together lies together.
    private static void turnColumns(Dense h, int first, int last, Complex[] a, Complex[] b) {
        for (int i = 0; i <= last; i++) {
            double[] re = h.re[i];
            double[] im = row(h, i);
            for (int k = Math.max(i - first - 1, 0); k < a.length; k++) {
                turnElements(re, im, re, im, first + k, first + k + 1, a[k], b[k]);
            }
        }
    }

    /// The same of the rows of a transpose.
    private static void turnPair(Dense m, int row, Complex a, Complex b) {
        turnPair(m.re[row], row(m, row), m.re[row + 1], row(m, row + 1), a.re(), a.im(), b.re(), b.im());
    }

    private static void turnPair(
            double[] xRe, double[] xIm, double[] yRe, double[] yIm, double aRe, double aIm, double bRe, double bIm) {
        for (int j = 0; j < xRe.length; j++) {
            double x = xRe[j];
            double xi = xIm[j];
            double y = yRe[j];
            double yi = yIm[j];
            xRe[j] = aRe * x - aIm * xi + bRe * y - bIm * yi;
            xIm[j] = aRe * xi + aIm * x + bRe * yi + bIm * y;
            yRe[j] = aRe * y + aIm * yi - bRe * x - bIm * xi;
            yIm[j] = aRe * yi - aIm * y - bRe * xi + bIm * x;
        }
    }

    private static void turnElements(
            double[] xRe, double[] xIm, double[] yRe, double[] yIm, int at, int other, Complex a, Complex b) {
        double x = xRe[at];
        double xi = xIm[at];
        double y = yRe[other];
        double yi = yIm[other];
        xRe[at] = a.re() * x - a.im() * xi + b.re() * y - b.im() * yi;
        xIm[at] = a.re() * xi + a.im() * x + b.re() * yi + b.im() * y;
        yRe[other] = a.re() * y + a.im() * yi - b.re() * x - b.im() * xi;
        yIm[other] = a.re() * yi - a.im() * y - b.re() * xi + b.im() * x;
    }

    private static double[] row(Dense m, int i) {
        double[][] im = m.im;
        if (im == null) {
            throw new AssertionError("complex throughout");
        }
        return im[i];
    }

    /// The eigenvectors of the triangular matrix, turned back, as rows.
    private static Dense vectors(Dense t, Dense turns) {
        int n = t.rows;
        double least = EPS;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                least = Math.max(least, EPS * t.modulus(i, j));
            }
        }
        Dense result = new Dense(n, n, true);
        for (int k = 0; k < n; k++) {
            Dense x = new Dense(1, n, true);
            x.re[0][k] = 1;
            for (int i = k - 1; i >= 0; i--) {
                double[] tRe = t.re[i];
                double[] tIm = row(t, i);
                double[] xRe = x.re[0];
                double[] xIm = row(x, 0);
                double re = 0;
                double im = 0;
                for (int j = i + 1; j <= k; j++) {
                    re += tRe[j] * xRe[j] - tIm[j] * xIm[j];
                    im += tRe[j] * xIm[j] + tIm[j] * xRe[j];
                }
                Complex sum = new Complex(re, im);
                Complex gap = at(t, k, k).minus(at(t, i, i));
                Complex element = sum.over(gap.abs() < least ? new Complex(least, 0) : gap);
                x.set(0, i, element.re(), element.im());
                shrink(x);
            }
            for (int j = 0; j <= k; j++) {
                result.add(k, x.re[0][j], x.imaginary(0, j), turns, j, 0);
            }
            result.scale(k, 1 / Math.sqrt(result.squaredNorm(k)), 0);
        }
        return result;
    }

    /// Keeps a vector that grows, since eigenvalues are nearly equal, from overflowing.
    private static void shrink(Dense x) {
        if (x.squaredNorm(0) > 1e200) {
            x.scale(0, 1e-150, 0);
        }
    }
}
