package org.lazuli.cpu;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Singular values and vectors by one-sided Jacobi rotations of the triangular factor, which find small singular values as exactly as large ones.
///
/// See Hestenes, "Inversion of matrices by biorthogonalization and related results" (1958), and Drmač and Veselić, "New fast and accurate Jacobi SVD
/// algorithm" (2008), from which the QR factorisation beforehand is.
///
/// @param values in descending order
/// @param left left vectors as columns, or null if they were not asked for
/// @param right right vectors, conjugated, as rows, or null
record SingularValues(double[] values, @Nullable Dense left, @Nullable Dense right) {
    private static final int SWEEPS = 60;

    /// @param vectors whether vectors are asked for
    /// @param full whether they are completed to square unitary matrices
    static SingularValues of(Dense a, boolean vectors, boolean full) {
        if (a.rows < a.columns) {
            SingularValues other = of(a.adjoint(), vectors, full);
            Dense left = other.right == null ? null : other.right.adjoint();
            Dense right = other.left == null ? null : other.left.adjoint();
            return new SingularValues(other.values, left, right);
        }
        int n = a.columns;
        double unit = a.normalize();
        Reflection[] reflections = Reflection.triangularize(a);
        // The columns of Rᴴ, each as a row here: they are turned until they are at right angles.
        Dense columns = new Dense(n, n, a.isComplex());
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                columns.set(i, j, a.re[i][j], -a.imaginary(i, j));
            }
        }
        Dense turns = vectors ? Dense.identity(n, a.isComplex()) : null;
        sweep(columns, turns);
        double[] lengths = new double[n];
        Arrays.setAll(lengths, i -> Math.sqrt(columns.squaredNorm(i)));
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -lengths[i]));
        double[] values = new double[n];
        Arrays.setAll(values, i -> lengths[order[i]] * unit);
        if (turns == null) {
            return new SingularValues(values, null, null);
        }
        // R = turns · values · columnsᴴ, and Q times its left vectors are the operand's.
        Dense left = Dense.identity(a.rows, full ? a.rows : n, a.isComplex());
        Dense right = new Dense(n, n, a.isComplex());
        boolean[] missing = new boolean[n];
        for (int k = 0; k < n; k++) {
            int from = order[k];
            missing[k] = lengths[from] == 0;
            for (int i = 0; i < n; i++) {
                left.set(i, k, turns.re[from][i], turns.imaginary(from, i));
                double length = missing[k] ? 1 : lengths[from];
                right.set(k, i, columns.re[from][i] / length, -columns.imaginary(from, i) / length);
            }
        }
        Reflection.multiply(reflections, left);
        complete(right, missing);
        return new SingularValues(values, left, right);
    }

    /// Turns pairs of rows until all are at right angles.
    private static void sweep(Dense x, @Nullable Dense turns) {
        int n = x.rows;
        double tolerance = Math.ulp(1.0) * Math.max(n, 8) / 4;
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean turned = false;
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    turned |= turn(x, turns, p, q, tolerance);
                }
            }
            if (!turned) {
                return;
            }
        }
    }

    private static boolean turn(Dense x, @Nullable Dense turns, int p, int q, double tolerance) {
        double a = x.squaredNorm(p);
        double b = x.squaredNorm(q);
        double re = x.innerReal(p, q);
        double im = x.innerImaginary(p, q);
        double c = im == 0 ? Math.abs(re) : Math.hypot(re, im);
        if (!(c > tolerance * Math.sqrt(a) * Math.sqrt(b))) {
            return false;
        }
        if (re != c) {
            // Makes the inner product positive.
            x.turn(q, re / c, -im / c);
            if (turns != null) {
                turns.turn(q, re / c, -im / c);
            }
        }
        double zeta = (b - a) / (2 * c);
        double tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        x.rotate(p, q, cosine, cosine * tangent);
        if (turns != null) {
            turns.rotate(p, q, cosine, cosine * tangent);
        }
        return true;
    }

    /// Replaces the rows that are missing by unit vectors at right angles to all others.
    private static void complete(Dense rows, boolean... missing) {
        for (int k = 0; k < rows.rows; k++) {
            if (!missing[k]) {
                continue;
            }
            int best = 0;
            double most = -1;
            for (int j = 0; j < rows.columns; j++) {
                double rest = 1;
                for (int i = 0; i < rows.rows; i++) {
                    if (!missing[i]) {
                        rest -= rows.modulus(i, j) * rows.modulus(i, j);
                    }
                }
                if (rest > most) {
                    best = j;
                    most = rest;
                }
            }
            Arrays.fill(rows.re[k], 0);
            if (rows.im != null) {
                Arrays.fill(rows.im[k], 0);
            }
            rows.re[k][best] = 1;
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < rows.rows; i++) {
                    if (!missing[i]) {
                        double re = rows.innerReal(i, k);
                        double im = rows.innerImaginary(i, k);
                        rows.add(k, -re, -im, rows, i, 0);
                    }
                }
                rows.scale(k, 1 / Math.sqrt(rows.squaredNorm(k)), 0);
            }
            missing[k] = false;
        }
    }
}
