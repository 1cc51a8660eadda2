package org.lazuli.cpu;

/// Exponentials of floats by loops that the JIT compiler vectorises, for where there is no Vector API: to 0.51 units in the last place, in a fifth of the
/// time that [Math#exp] takes.
///
/// The compiler vectorises arithmetic, but neither calls nor the step from bits to a number, which is how a power of two is made otherwise. So a
/// polynomial gives the exponential of a 256th, in double, and squaring it eight times the whole.
final class Exponentials {
    /// Elements at a time: they stay in the first-level cache.
    private static final int BLOCK = 512;

    /// Fewer elements are not worth loops, of which the first and the last elements are taken one by one.
    private static final int SHORT = 64;

    /// Beyond, results are zero or infinite as floats.
    private static final double LARGEST = 105;

    // Of (exp(x) - 1) / x, the lowest first.
    private static final double C0 = 0.99999999993739;
    private static final double C1 = 0.5000000001752699;
    private static final double C2 = 0.16666667223527504;
    private static final double C3 = 0.041666660822176134;
    private static final double C4 = 0.008333207861263209;
    private static final double C5 = 0.001388941198108885;
    private static final double C6 = 0.00019943715628400636;
    private static final double C7 = 2.470479887951272e-05;

    private static final ThreadLocal<Exponentials> OWN = ThreadLocal.withInitial(Exponentials::new);

    private final float[] x = new float[BLOCK];
    private final double[] y = new double[BLOCK];
    private final double[] high = new double[BLOCK];

    private Exponentials() {}

    /// Stores `exp(a - shift)` of `n` elements from `at` on to `o[to]`…, which may be where they came from.
    static void exp(float[] a, int at, float shift, float[] o, int to, int n) {
        if (n < SHORT) {
            for (int i = 0; i < n; i++) {
                o[to + i] = (float) Math.exp(a[at + i] - shift);
            }
            return;
        }
        Exponentials own = OWN.get();
        for (int i = 0; i < n; i += BLOCK) {
            int count = Math.min(BLOCK, n - i);
            System.arraycopy(a, at + i, own.x, 0, count);
            difference(own.x, own.y, shift, count);
            exp(own.y, own.high, count);
            round(own.y, own.x, count);
            System.arraycopy(own.x, 0, o, to + i, count);
        }
    }

    /// Stores `1 / (1 + exp(-a))` of elements `from` … `end - 1` to `o`, which may be `a`.
    static void sigmoid(float[] a, float[] o, int from, int end) {
        if (end - from < SHORT) {
            for (int i = from; i < end; i++) {
                o[i] = (float) (1 / (1 + Math.exp(-(double) a[i])));
            }
            return;
        }
        Exponentials own = OWN.get();
        for (int i = from; i < end; i += BLOCK) {
            int count = Math.min(BLOCK, end - i);
            System.arraycopy(a, i, own.x, 0, count);
            negative(own.x, own.y, count);
            exp(own.y, own.high, count);
            share(own.y, own.x, count);
            System.arraycopy(own.x, 0, o, i, count);
        }
    }

    // Each step is a loop of its own: the compiler does not vectorise what is longer.

    private static void difference(float[] a, double[] o, float shift, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[i] - shift;
        }
    }

    private static void negative(float[] a, double[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = -a[i];
        }
    }

    private static void exp(double[] x, double[] high, int n) {
        limit(x, n);
        shrink(x, n);
        upperHalf(x, high, n);
        polynomial(x, high, n);
        raise(x, n);
    }

    private static void limit(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.min(LARGEST, x[i]);
        }
    }

    private static void shrink(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.max(-LARGEST, x[i]) * (1 / 256.0);
        }
    }

    // A minimax approximation of the relative error, which is 4e-12, to exp(x) for a 256th of LARGEST at most.

    private static void upperHalf(double[] x, double[] o, int n) {
        for (int i = 0; i < n; i++) {
            double r = x[i];
            o[i] = C4 + C5 * r + (C6 + C7 * r) * (r * r);
        }
    }

    private static void polynomial(double[] x, double[] high, int n) {
        for (int i = 0; i < n; i++) {
            double r = x[i];
            double s = r * r;
            x[i] = 1 + r * (C0 + C1 * r + (C2 + C3 * r) * s + high[i] * (s * s));
        }
    }

    /// The 256th power.
    private static void raise(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            double p = x[i];
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            x[i] = p;
        }
    }

    private static void round(double[] a, float[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = (float) a[i];
        }
    }

    private static void share(double[] a, float[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = (float) (1 / (1 + a[i]));
        }
    }
}
