package org.lazuli.cpu;

/// Copies of evenly spaced elements from one array to another of the same type: what every movement of data comes down
/// to.
final class Runs {
    private Runs() {}

    /// Copies `n` elements. Positions and strides count elements of `width` array elements each (2 for complex64).
    static void copy(Object from, int at, int stride, Object to, int toAt, int toStride, int n, int width) {
        if (width == 2) {
            pairs((float[]) from, 2 * at, 2 * stride, (float[]) to, 2 * toAt, 2 * toStride, n);
            return;
        }
        if (stride == 1 && toStride == 1) {
            System.arraycopy(from, at, to, toAt, n);
            return;
        }
        switch (from) {
            case float[] a -> floats(a, at, stride, (float[]) to, toAt, toStride, n);
            case double[] a -> doubles(a, at, stride, (double[]) to, toAt, toStride, n);
            case int[] a -> ints(a, at, stride, (int[]) to, toAt, toStride, n);
            case long[] a -> longs(a, at, stride, (long[]) to, toAt, toStride, n);
            case short[] a -> shorts(a, at, stride, (short[]) to, toAt, toStride, n);
            case byte[] a -> bytes(a, at, stride, (byte[]) to, toAt, toStride, n);
            default -> throw new IllegalArgumentException("not a storage array: " + from.getClass());
        }
    }

    private static void floats(float[] a, int at, int stride, float[] o, int toAt, int toStride, int n) {
        if (toStride == 1) {
            if (stride == 0) {
                java.util.Arrays.fill(o, toAt, toAt + n, a[at]);
                return;
            }
            for (int i = 0, p = at; i < n; i++, p += stride) {
                o[toAt + i] = a[p];
            }
            return;
        }
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void doubles(double[] a, int at, int stride, double[] o, int toAt, int toStride, int n) {
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void ints(int[] a, int at, int stride, int[] o, int toAt, int toStride, int n) {
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void longs(long[] a, int at, int stride, long[] o, int toAt, int toStride, int n) {
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void shorts(short[] a, int at, int stride, short[] o, int toAt, int toStride, int n) {
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void bytes(byte[] a, int at, int stride, byte[] o, int toAt, int toStride, int n) {
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
        }
    }

    private static void pairs(float[] a, int at, int stride, float[] o, int toAt, int toStride, int n) {
        if (stride == 2 && toStride == 2) {
            System.arraycopy(a, at, o, toAt, 2 * n);
            return;
        }
        for (int i = 0, p = at, q = toAt; i < n; i++, p += stride, q += toStride) {
            o[q] = a[p];
            o[q + 1] = a[p + 1];
        }
    }
}
