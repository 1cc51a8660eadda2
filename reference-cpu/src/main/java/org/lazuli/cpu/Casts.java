package org.lazuli.cpu;

import org.lazuli.DType;

/// Converts registers from one dtype to another.
///
/// A number with a fraction is cut off towards zero, and what an integer type cannot hold wraps: it keeps its lowest
/// bits. NaN and the infinities become 0 there. To bool everything but 0 is true; a complex number is its real part.
final class Casts {
    private Casts() {}

    static void run(DType source, Object a, DType target, Object o, int from, int to) {
        if (target == DType.BOOL) {
            isNonzero(a, Domain.of(source), (int[]) o, from, to);
            return;
        }
        switch (Domain.of(source)) {
            case INT -> fromInt((int[]) a, target, o, from, to);
            case LONG -> fromLong((long[]) a, source == DType.UINT64, target, o, from, to);
            case FLOAT -> fromFloat((float[]) a, target, o, from, to);
            case DOUBLE -> fromDouble((double[]) a, target, o, from, to);
            case COMPLEX -> fromComplex((float[]) a, target, o, from, to);
        }
        Conversions.settle(target, o, from, to);
    }

    private static void isNonzero(Object a, Domain domain, int[] o, int from, int to) {
        switch (domain) {
            case INT -> {
                int[] x = (int[]) a;
                for (int i = from; i < to; i++) {
                    o[i] = x[i] != 0 ? 1 : 0;
                }
            }
            case LONG -> {
                long[] x = (long[]) a;
                for (int i = from; i < to; i++) {
                    o[i] = x[i] != 0 ? 1 : 0;
                }
            }
            case FLOAT -> {
                float[] x = (float[]) a;
                for (int i = from; i < to; i++) {
                    o[i] = x[i] != 0 ? 1 : 0;
                }
            }
            case DOUBLE -> {
                double[] x = (double[]) a;
                for (int i = from; i < to; i++) {
                    o[i] = x[i] != 0 ? 1 : 0;
                }
            }
            case COMPLEX -> {
                float[] x = (float[]) a;
                for (int i = from; i < to; i++) {
                    o[i] = x[2 * i] != 0 ? 1 : 0;
                }
            }
        }
    }

    private static void fromInt(int[] a, DType target, Object o, int from, int to) {
        switch (Domain.of(target)) {
            case INT -> System.arraycopy(a, from, o, from, to - from);
            case LONG -> {
                long[] r = (long[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[i];
                }
            }
            case FLOAT -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[i];
                }
            }
            case DOUBLE -> {
                double[] r = (double[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[i];
                }
            }
            case COMPLEX -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[2 * i] = a[i];
                    r[2 * i + 1] = 0;
                }
            }
        }
    }

    private static void fromLong(long[] a, boolean unsigned, DType target, Object o, int from, int to) {
        switch (Domain.of(target)) {
            case INT -> {
                int[] r = (int[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = (int) a[i];
                }
            }
            case LONG -> System.arraycopy(a, from, o, from, to - from);
            case FLOAT -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = unsigned ? Functions.unsignedToFloat(a[i]) : (float) a[i];
                }
            }
            case DOUBLE -> {
                double[] r = (double[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = unsigned ? Functions.unsignedToDouble(a[i]) : (double) a[i];
                }
            }
            case COMPLEX -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[2 * i] = unsigned ? Functions.unsignedToFloat(a[i]) : (float) a[i];
                    r[2 * i + 1] = 0;
                }
            }
        }
    }

    private static void fromFloat(float[] a, DType target, Object o, int from, int to) {
        switch (Domain.of(target)) {
            case INT -> {
                int[] r = (int[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = (int) Functions.toLong(a[i]);
                }
            }
            case LONG -> {
                long[] r = (long[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = Functions.toLong(a[i]);
                }
            }
            case FLOAT -> System.arraycopy(a, from, o, from, to - from);
            case DOUBLE -> {
                double[] r = (double[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[i];
                }
            }
            case COMPLEX -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[2 * i] = a[i];
                    r[2 * i + 1] = 0;
                }
            }
        }
    }

    private static void fromDouble(double[] a, DType target, Object o, int from, int to) {
        switch (Domain.of(target)) {
            case INT -> {
                int[] r = (int[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = (int) Functions.toLong(a[i]);
                }
            }
            case LONG -> {
                long[] r = (long[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = Functions.toLong(a[i]);
                }
            }
            case FLOAT -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = (float) a[i];
                }
            }
            case DOUBLE -> System.arraycopy(a, from, o, from, to - from);
            case COMPLEX -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[2 * i] = (float) a[i];
                    r[2 * i + 1] = 0;
                }
            }
        }
    }

    private static void fromComplex(float[] a, DType target, Object o, int from, int to) {
        switch (Domain.of(target)) {
            case INT -> {
                int[] r = (int[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = (int) Functions.toLong(a[2 * i]);
                }
            }
            case LONG -> {
                long[] r = (long[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = Functions.toLong(a[2 * i]);
                }
            }
            case FLOAT -> {
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[2 * i];
                }
            }
            case DOUBLE -> {
                double[] r = (double[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = a[2 * i];
                }
            }
            case COMPLEX -> System.arraycopy(a, 2 * from, o, 2 * from, 2 * (to - from));
        }
    }
}
