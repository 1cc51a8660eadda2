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

    /// The largest element, NaN if there is one.
    float maximum(float[] a, int at, int n) {
        float m = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            m = Math.max(m, a[i]);
        }
        return m;
    }

    /// Stores `exp(a - shift)` of each element to `o[to]`…, which may be where it came from, and returns the sum.
    float exponentials(float[] a, int at, float[] o, int to, int n, float shift) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float e = (float) Math.exp(a[at + i] - shift);
            o[to + i] = e;
            sum += e;
        }
        return (float) sum;
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
        for (int i = 0; i < n; i++) {
            o[to + i] = (a[at + i] - mean) * by;
        }
        if (weight != null) {
            for (int i = 0; i < n; i++) {
                o[to + i] *= weight[i];
            }
        }
        if (bias != null) {
            for (int i = 0; i < n; i++) {
                o[to + i] += bias[i];
            }
        }
    }

    float dot(float[] a, float[] b, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < n; i++) {
            s0 += (double) a[i] * b[i];
        }
        return (float) (s0 + s1 + (s2 + s3));
    }

    /// `a - by`.
    void subtract(float[] a, int n, float by) {
        for (int i = 0; i < n; i++) {
            a[i] -= by;
        }
    }

    /// `a * by`.
    void scale(float[] a, int at, int n, float by) {
        for (int i = at; i < at + n; i++) {
            a[i] *= by;
        }
    }

    /// `a * b`.
    void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= b[i];
        }
    }

    /// `a + b`.
    void add(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] += b[i];
        }
    }

    /// `sums + a * b`.
    void addProduct(float[] sums, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] += a[i] * b[i];
        }
    }

    /// `y * (g - shift)`, in place of `g`.
    void multiplyShifted(float[] g, float[] y, int n, float shift) {
        for (int i = 0; i < n; i++) {
            g[i] = y[i] * (g[i] - shift);
        }
    }

    /// `(g - shift - y * slope) * by`, in place of `g`.
    void combine(float[] g, float[] y, int n, float shift, float slope, float by) {
        for (int i = 0; i < n; i++) {
            g[i] = (g[i] - shift - y[i] * slope) * by;
        }
    }

    /// Sets what is behind the first `n` elements, up to the end of the room.
    final void pad(float[] a, int at, int n, float value) {
        Arrays.fill(a, at + n, at + room(n), value);
    }
}
