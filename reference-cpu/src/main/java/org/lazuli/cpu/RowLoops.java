package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The loops over one row that softmax, norms and their gradients are made of: plain ones here, and those of the Vector API in
/// [VectorRows].
///
/// From where a row begins, arrays have room for [#room] elements, which loops use as they like: what lies behind the first `n` is arbitrary
/// afterwards. Of `n` elements that need no more room, nothing else is touched.
class RowLoops {
    /// How long an array for `n` elements has to be.
    int room(int n) {
        return n;
    }

    /// Finds how far the elements reach.
    void measure(float[] a, int at, int n, Extent extent) {
        extent.set(maximum(a, at, n), Float.NEGATIVE_INFINITY);
    }

    private static float maximum(float[] a, int at, int n) {
        float m = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            m = Math.max(m, a[i]);
        }
        return m;
    }

    /// Stores `exp(a - largest)` of each element to `o[to]`…, which may be where it came from, and returns the sum.
    ///
    /// @param extent of the elements, with the largest
    float exponentials(float[] a, int at, float[] o, int to, int n, Extent extent) {
        return exponentials(a, at, o, to, n, extent.largest());
    }

    private float exponentials(float[] a, int at, float[] o, int to, int n, float shift) {
        Exponentials.exp(a, at, shift, o, to, n);
        return sum(o, to, n);
    }

    /// [#exponentials], while the row at `next` is read, which memory brings meanwhile: `extent` is that row's afterwards.
    float exponentials(float[] a, int at, float[] o, int to, int n, Extent extent, int next) {
        float sum = exponentials(a, at, o, to, n, extent);
        measure(a, next, n, extent);
        return sum;
    }

    /// How many rows [#exponentials(float[], int, float[], float[])] takes side by side.
    int lanes() {
        return 1;
    }

    /// Replaces elements of rows by the exponentials of their difference to the row's largest; each row's largest element and its total are stored.
    ///
    /// @param tiles [#lanes] rows, and behind them the next: elements of a column next to each other, and `n` columns one after another
    /// @param largest of as many rows as there are
    void exponentials(float[] tiles, int n, float[] largest, float[] totals) {
        for (int row = 0; row < largest.length; row++) {
            largest[row] = maximum(tiles, row * n, n);
            totals[row] = exponentials(tiles, row * n, tiles, row * n, n, largest[row]);
        }
    }

    float sum(float[] a, int at, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = at + n;
        int i = at;
        for (; i < end - 3; i += 4) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return (float) (s0 + s1 + (s2 + s3));
    }

    /// The sum of the squares of `a - mean`.
    float squares(float[] a, int at, int n, float mean) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = at + n;
        int i = at;
        for (; i < end - 3; i += 4) {
            float d0 = a[i] - mean;
            float d1 = a[i + 1] - mean;
            float d2 = a[i + 2] - mean;
            float d3 = a[i + 3] - mean;
            s0 += (double) d0 * d0;
            s1 += (double) d1 * d1;
            s2 += (double) d2 * d2;
            s3 += (double) d3 * d3;
        }
        for (; i < end; i++) {
            float d = a[i] - mean;
            s0 += (double) d * d;
        }
        return (float) (s0 + s1 + (s2 + s3));
    }

    /// Stores `(a - mean) * by`, times `weight` and plus `bias` where they are there, to `o[to]`…, which may be where it came from.
    void normalize(
            float[] a,
            int at,
            float[] o,
            int to,
            int n,
            float mean,
            float by,
            float @Nullable [] weight,
            float @Nullable [] bias) {
        if (weight != null && bias != null) {
            for (int i = 0; i < n; i++) {
                o[to + i] = (a[at + i] - mean) * by * weight[i] + bias[i];
            }
        } else if (weight != null) {
            for (int i = 0; i < n; i++) {
                o[to + i] = (a[at + i] - mean) * by * weight[i];
            }
        } else if (bias != null) {
            for (int i = 0; i < n; i++) {
                o[to + i] = (a[at + i] - mean) * by + bias[i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                o[to + i] = (a[at + i] - mean) * by;
            }
        }
    }

    /// The sum of `a * b`.
    float dot(float[] a, int at, float[] b, int bAt, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            s0 += (double) a[at + i] * b[bAt + i];
            s1 += (double) a[at + i + 1] * b[bAt + i + 1];
            s2 += (double) a[at + i + 2] * b[bAt + i + 2];
            s3 += (double) a[at + i + 3] * b[bAt + i + 3];
        }
        for (; i < n; i++) {
            s0 += (double) a[at + i] * b[bAt + i];
        }
        return (float) (s0 + s1 + (s2 + s3));
    }

    /// Stores the sums of `g * weight` and of `g * weight * (a - mean)` to `sums`.
    void moments(float[] a, int at, float[] g, int gAt, float[] weight, int n, float mean, float[] sums) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double t0 = 0;
        double t1 = 0;
        double t2 = 0;
        int i = 0;
        for (; i < n - 2; i += 3) {
            double h0 = (double) g[gAt + i] * weight[i];
            double h1 = (double) g[gAt + i + 1] * weight[i + 1];
            double h2 = (double) g[gAt + i + 2] * weight[i + 2];
            s0 += h0;
            s1 += h1;
            s2 += h2;
            t0 += h0 * (a[at + i] - mean);
            t1 += h1 * (a[at + i + 1] - mean);
            t2 += h2 * (a[at + i + 2] - mean);
        }
        for (; i < n; i++) {
            double h = (double) g[gAt + i] * weight[i];
            s0 += h;
            t0 += h * (a[at + i] - mean);
        }
        sums[0] = (float) (s0 + s1 + s2);
        sums[1] = (float) (t0 + t1 + t2);
    }

    /// Stores `(g * weight - shift - (a - mean) * slope) * by` to `o[to]`…, which may be one of the operands.
    void combine(
            float[] a,
            int at,
            float[] g,
            int gAt,
            float[] weight,
            float[] o,
            int to,
            int n,
            float mean,
            float shift,
            float slope,
            float by) {
        for (int i = 0; i < n; i++) {
            o[to + i] = (g[gAt + i] * weight[i] - shift - (a[at + i] - mean) * slope) * by;
        }
    }

    /// Adds `(a - mean) * by * g` to `products`, and `g` to `sums`.
    void accumulate(
            float[] a, int at, float[] g, int gAt, int n, float mean, float by, float[] products, float[] sums) {
        for (int i = 0; i < n; i++) {
            products[i] += (a[at + i] - mean) * by * g[gAt + i];
            sums[i] += g[gAt + i];
        }
    }

    /// Stores `y * (g - shift)` to `o[to]`…, which may be one of the operands.
    void multiplyShifted(float[] y, int at, float[] g, int gAt, float[] o, int to, int n, float shift) {
        for (int i = 0; i < n; i++) {
            o[to + i] = y[at + i] * (g[gAt + i] - shift);
        }
    }

    /// Adds `n` elements of `a` to those of `o`.
    void add(float[] a, float[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] += a[i];
        }
    }

    /// `a * by`.
    void scale(float[] a, int at, int n, float by) {
        for (int i = at; i < at + n; i++) {
            a[i] *= by;
        }
    }

    /// Sets what is behind the first `n` elements, up to the end of the room.
    final void pad(float[] a, int at, int n, float value) {
        int room = room(n);
        // Where nothing is to be filled, the compiler need not make room for it.
        if (n < room) {
            Arrays.fill(a, at + n, at + room, value);
        }
    }
}
