package org.lazuli.cpu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the eigenvalues of a real matrix what they are in exact arithmetic: real, or pairs of conjugates, one after the other and the one above the real
/// axis first, as LAPACK orders them.
final class RealPairs {
    private final GeneralEigen found;
    private final int n;
    private final Dense values;
    private final @Nullable Dense vectors;
    private int next;

    private RealPairs(GeneralEigen found) {
        this.found = found;
        this.n = found.values().columns;
        this.values = new Dense(1, n, true);
        this.vectors = found.vectors() == null ? null : new Dense(n, n, true);
    }

    static GeneralEigen of(GeneralEigen found) {
        RealPairs pairs = new RealPairs(found);
        pairs.collect();
        return new GeneralEigen(pairs.values, pairs.vectors);
    }

    private void collect() {
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rest.add(i);
        }
        while (!rest.isEmpty()) {
            int one = rest.removeFirst();
            int other = conjugate(one, rest);
            if (other < 0) {
                put(one, re(one), 0, false);
                continue;
            }
            rest.remove(Integer.valueOf(other));
            int above = im(one) > 0 ? one : other;
            double re = (re(one) + re(other)) / 2;
            double im = Math.abs(im(one) - im(other)) / 2;
            put(above, re, im, false);
            put(above, re, -im, true);
        }
    }

    /// The eigenvalue that is this one's conjugate, or -1 if this is itself: whichever is closer.
    private int conjugate(int one, List<Integer> rest) {
        double distance = 2 * Math.abs(im(one));
        int best = -1;
        if (distance <= n * Math.ulp(1.0)) {
            return best;
        }
        for (int other : rest) {
            double d = Math.hypot(re(one) - re(other), im(one) + im(other));
            if (d < distance) {
                best = other;
                distance = d;
            }
        }
        return best;
    }

    private double re(int i) {
        return found.values().re[0][i];
    }

    private double im(int i) {
        return found.values().imaginary(0, i);
    }

    private void put(int from, double re, double im, boolean conjugated) {
        values.set(0, next, re, im);
        Dense to = vectors;
        Dense source = found.vectors();
        if (to != null && source != null) {
            to.add(next, 1, 0, source, from, 0);
            makeLargestReal(to, next);
            double[][] parts = to.im;
            for (int j = 0; parts != null && j < n; j++) {
                parts[next][j] = im == 0 ? 0 : conjugated ? -parts[next][j] : parts[next][j];
            }
            to.scale(next, 1 / Math.sqrt(to.squaredNorm(next)), 0);
        }
        next++;
    }

    private static void makeLargestReal(Dense m, int row) {
        int largest = 0;
        for (int j = 1; j < m.columns; j++) {
            largest = m.modulus(row, j) > m.modulus(row, largest) ? j : largest;
        }
        double modulus = m.modulus(row, largest);
        m.turn(row, m.re[row][largest] / modulus, -m.imaginary(row, largest) / modulus);
    }
}
