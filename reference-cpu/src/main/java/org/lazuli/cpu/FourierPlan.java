package org.lazuli.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the discrete Fourier transform of one length is computed, for several lines of that length at once.
///
/// Everything is carried in double: the result, rounded to float, is as good as the definition allows, whatever the length.
abstract sealed class FourierPlan permits MixedRadix, Bluestein {
    /// The largest prime factor that is summed up by the definition; a length with a larger one is a convolution.
    private static final int LARGEST_PRIME = 31;

    /// How many elements the plans that are kept have together: 16 MB of roots of unity.
    private static final int KEPT = 1 << 20;

    private static final Cache CACHE = new Cache();

    final int length;
    private volatile @Nullable Numbers between;

    FourierPlan(int length) {
        this.length = length;
    }

    /// The first half of the roots of twice the length, and one more: what a real line of twice the length needs.
    Numbers between() {
        Numbers known = between;
        if (known == null) {
            known = roots(2 * length, length + 1);
            between = known;
        }
        return known;
    }

    static FourierPlan of(int length) {
        FourierPlan kept = CACHE.find(length);
        if (kept != null) {
            return kept;
        }
        FourierPlan made = isSmooth(length) ? new MixedRadix(length) : new Bluestein(length);
        CACHE.keep(made);
        return made;
    }

    /// Transforms `lanes` lines, whose element `i` lies at `i * lanes + line`.
    ///
    /// @param in is overwritten
    /// @param scratch of the size of `in`
    /// @param passes the loops to compute with
    /// @return the one of the two that holds the result
    abstract Numbers run(Numbers in, Numbers scratch, int lanes, Passes passes);

    /// True if no prime factor is larger than what sums can bear.
    static boolean isSmooth(int n) {
        int rest = n;
        for (int prime = 2; prime <= LARGEST_PRIME; prime++) {
            while (rest % prime == 0) {
                rest /= prime;
            }
        }
        return rest == 1;
    }

    /// Complex numbers in two arrays.
    record Numbers(double[] re, double[] im) {
        static Numbers of(int size) {
            return new Numbers(new double[size], new double[size]);
        }

        /// The parts exchanged, which turns a transform into its inverse.
        Numbers swapped() {
            return new Numbers(im, re);
        }
    }

    /// `exp(-2πi k / n)` for k below `count`, each to a unit in the last place: angles beyond an eighth of a turn are reflected.
    static Numbers roots(int n, int count) {
        Numbers roots = Numbers.of(count);
        for (int k = 0; k < count; k++) {
            root(k, n, roots, k);
        }
        return roots;
    }

    static void root(long k, long n, Numbers target, int at) {
        long eighths = 8 * (k % n);
        int octant = (int) (eighths / n);
        // The angle to the nearest axis, as a fraction of a turn: at most an eighth.
        long rest = k % n * 4 - (octant + 1) / 2 * n;
        double angle = Math.PI / 2 * ((double) rest / n);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        switch ((octant + 1) / 2 % 4) {
            case 0 -> set(target, at, cos, -sin);
            case 1 -> set(target, at, -sin, -cos);
            case 2 -> set(target, at, -cos, sin);
            default -> set(target, at, sin, cos);
        }
    }

    private static void set(Numbers target, int at, double re, double im) {
        target.re[at] = re;
        target.im[at] = im;
    }

    /// The plans used last, up to a size in total.
    private static final class Cache {
        private final Map<Integer, FourierPlan> plans = new LinkedHashMap<>(16, 0.75f, true);
        private long elements;

        synchronized @Nullable FourierPlan find(int length) {
            return plans.get(length);
        }

        synchronized void keep(FourierPlan plan) {
            if (plan.length > KEPT || plans.putIfAbsent(plan.length, plan) != null) {
                return;
            }
            elements += plan.length;
            var oldest = plans.entrySet().iterator();
            while (elements > KEPT) {
                elements -= oldest.next().getKey();
                oldest.remove();
            }
        }
    }
}
