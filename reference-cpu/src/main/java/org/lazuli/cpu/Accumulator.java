package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Primitive.ReduceOp;

/// The running results of a reduction, several side by side.
abstract sealed class Accumulator {
    final ReduceOp op;

    private Accumulator(ReduceOp op) {
        this.op = op;
    }

    /// @param vectors what finds the extremes of floats, where there is a choice; null for plain loops
    static Accumulator of(ReduceOp op, DType dtype, @Nullable VectorSupport vectors) {
        return switch (Domain.of(dtype)) {
            case INT, LONG -> new Integers(op, dtype);
            case FLOAT, DOUBLE -> new Reals(op, vectors);
            case COMPLEX -> new Complexes(op);
        };
    }

    /// Begins `n` results at the neutral element.
    abstract void start(int n);

    /// Combines the elements `from` … `to - 1` of a register into result number `into`.
    abstract void fold(Object register, int from, int to, int into);

    /// Combines `n` elements of a register from `at` on, each into its own result.
    abstract void combine(Object register, int at, int n);

    /// Combines `n` elements of each of several rows, one row after the other, each element into the result of its column.
    ///
    /// @param at where the first row begins
    /// @param stride from one row to the next
    void combine(Object register, int at, int stride, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            combine(register, at + row * stride, n);
        }
    }

    /// Combines the first `n` results of another accumulator of this kind into those of this one.
    abstract void merge(Accumulator other, int n);

    /// Stores `n` results from position `at` on.
    abstract void store(DType dtype, Object target, int at, int n);

    private static final class Reals extends Accumulator {
        /// Shorter rows are not worth the sum of the lanes at the end.
        private static final int SHORTEST = 64;

        private final @Nullable VectorSupport vectors;
        private double[] results = new double[0];

        Reals(ReduceOp op, @Nullable VectorSupport vectors) {
            super(op);
            this.vectors = vectors;
        }

        @Override
        void start(int n) {
            if (results.length < n) {
                results = new double[n];
            }
            Arrays.fill(
                    results,
                    0,
                    n,
                    switch (op) {
                        case SUM -> 0;
                        case PROD -> 1;
                        case MAX -> Double.NEGATIVE_INFINITY;
                        case MIN -> Double.POSITIVE_INFINITY;
                    });
        }

        @Override
        void fold(Object register, int from, int to, int into) {
            double part = register instanceof float[] a ? fold(a, from, to) : fold((double[]) register, from, to);
            results[into] = switch (op) {
                case SUM -> results[into] + part;
                case PROD -> results[into] * part;
                case MAX -> Math.max(results[into], part);
                case MIN -> Math.min(results[into], part);
            };
        }

        private double fold(float[] a, int from, int to) {
            return switch (op) {
                case SUM ->
                    vectors != null && to - from >= SHORTEST ? vectors.sums().sum(a, from, to) : sum(a, from, to);
                case PROD -> product(a, from, to);
                case MAX -> {
                    VectorSupport fast = to - from >= VectorSupport.SHORTEST ? vectors : null;
                    yield fast != null ? fast.maximum(a, from, to) : maximum(a, from, to);
                }
                case MIN -> {
                    VectorSupport fast = to - from >= VectorSupport.SHORTEST ? vectors : null;
                    yield fast != null ? fast.minimum(a, from, to) : minimum(a, from, to);
                }
            };
        }

        /// Four sums, since each addition waits for the one before it.
        private static double sum(float[] a, int from, int to) {
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int i = from;
            for (; i < to - 3; i += 4) {
                s0 += a[i];
                s1 += a[i + 1];
                s2 += a[i + 2];
                s3 += a[i + 3];
            }
            for (; i < to; i++) {
                s0 += a[i];
            }
            return s0 + s1 + (s2 + s3);
        }

        private static double product(float[] a, int from, int to) {
            double p = 1;
            for (int i = from; i < to; i++) {
                p *= a[i];
            }
            return p;
        }

        private static double maximum(float[] a, int from, int to) {
            float m = Float.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                m = Math.max(m, a[i]);
            }
            return m;
        }

        private static double minimum(float[] a, int from, int to) {
            float m = Float.POSITIVE_INFINITY;
            for (int i = from; i < to; i++) {
                m = Math.min(m, a[i]);
            }
            return m;
        }

        private double fold(double[] a, int from, int to) {
            return switch (op) {
                case SUM ->
                    vectors != null && to - from >= SHORTEST ? vectors.sums().sum(a, from, to) : sum(a, from, to);
                case PROD -> product(a, from, to);
                case MAX -> maximum(a, from, to);
                case MIN -> minimum(a, from, to);
            };
        }

        /// Four sums, since each addition waits for the one before it.
        private static double sum(double[] a, int from, int to) {
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int i = from;
            for (; i < to - 3; i += 4) {
                s0 += a[i];
                s1 += a[i + 1];
                s2 += a[i + 2];
                s3 += a[i + 3];
            }
            for (; i < to; i++) {
                s0 += a[i];
            }
            return s0 + s1 + (s2 + s3);
        }

        private static double product(double[] a, int from, int to) {
            double p = 1;
            for (int i = from; i < to; i++) {
                p *= a[i];
            }
            return p;
        }

        private static double maximum(double[] a, int from, int to) {
            double m = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                m = Math.max(m, a[i]);
            }
            return m;
        }

        private static double minimum(double[] a, int from, int to) {
            double m = Double.POSITIVE_INFINITY;
            for (int i = from; i < to; i++) {
                m = Math.min(m, a[i]);
            }
            return m;
        }

        @Override
        void combine(Object register, int at, int n) {
            double[] r = results;
            DoubleSums fast = vectors == null || op == ReduceOp.PROD ? null : vectors.sums();
            if (register instanceof float[] a && fast != null) {
                combine(fast, r, a, at, n);
            } else if (register instanceof double[] a && fast != null && op == ReduceOp.SUM) {
                fast.add(r, a, at, n);
            } else if (register instanceof float[] a) {
                combine(r, a, at, n);
            } else {
                combine(r, (double[]) register, at, n);
            }
        }

        @Override
        void combine(Object register, int at, int stride, int rows, int n) {
            if (vectors != null && op == ReduceOp.SUM && register instanceof float[] a) {
                vectors.sums().add(results, a, at, stride, rows, n);
            } else {
                super.combine(register, at, stride, rows, n);
            }
        }

        private void combine(DoubleSums fast, double[] r, float[] a, int at, int n) {
            switch (op) {
                case SUM -> fast.add(r, a, at, n, 1, n);
                case MAX -> fast.maximum(r, a, at, n);
                case MIN -> fast.minimum(r, a, at, n);
                case PROD -> throw new AssertionError(op);
            }
        }

        private void combine(double[] r, float[] a, int at, int n) {
            switch (op) {
                case SUM -> {
                    for (int i = 0; i < n; i++) {
                        r[i] += a[at + i];
                    }
                }
                case PROD -> {
                    for (int i = 0; i < n; i++) {
                        r[i] *= a[at + i];
                    }
                }
                case MAX -> {
                    for (int i = 0; i < n; i++) {
                        r[i] = Math.max(r[i], a[at + i]);
                    }
                }
                case MIN -> {
                    for (int i = 0; i < n; i++) {
                        r[i] = Math.min(r[i], a[at + i]);
                    }
                }
            }
        }

        private void combine(double[] r, double[] a, int at, int n) {
            switch (op) {
                case SUM -> {
                    for (int i = 0; i < n; i++) {
                        r[i] += a[at + i];
                    }
                }
                case PROD -> {
                    for (int i = 0; i < n; i++) {
                        r[i] *= a[at + i];
                    }
                }
                case MAX -> {
                    for (int i = 0; i < n; i++) {
                        r[i] = Math.max(r[i], a[at + i]);
                    }
                }
                case MIN -> {
                    for (int i = 0; i < n; i++) {
                        r[i] = Math.min(r[i], a[at + i]);
                    }
                }
            }
        }

        @Override
        void merge(Accumulator other, int n) {
            combine(results, ((Reals) other).results, 0, n);
        }

        @Override
        void store(DType dtype, Object target, int at, int n) {
            if (dtype == DType.FLOAT64) {
                System.arraycopy(results, 0, target, at, n);
                return;
            }
            if (dtype == DType.FLOAT32) {
                round((float[]) target, at, n);
                return;
            }
            float[] floats = new float[n];
            round(floats, 0, n);
            Conversions.narrow(dtype, floats, target, at, n);
        }

        private void round(float[] to, int at, int n) {
            for (int i = 0; i < n; i++) {
                to[at + i] = (float) results[i];
            }
        }
    }

    private static final class Integers extends Accumulator {
        private final DType dtype;
        private final boolean unsigned;
        private long[] results = new long[0];

        Integers(ReduceOp op, DType dtype) {
            super(op);
            this.dtype = dtype;
            this.unsigned = dtype == DType.UINT64;
        }

        @Override
        void start(int n) {
            if (results.length < n) {
                results = new long[n];
            }
            Arrays.fill(
                    results,
                    0,
                    n,
                    switch (op) {
                        case SUM -> 0;
                        case PROD -> 1;
                        case MAX -> Extremes.least(dtype);
                        case MIN -> Extremes.greatest(dtype);
                    });
        }

        private long combine(long a, long b) {
            return switch (op) {
                case SUM -> a + b;
                case PROD -> a * b;
                case MAX -> LongKernels.less(a, b, unsigned) ? b : a;
                case MIN -> LongKernels.less(b, a, unsigned) ? b : a;
            };
        }

        @Override
        void fold(Object register, int from, int to, int into) {
            long result = results[into];
            if (register instanceof int[] a) {
                for (int i = from; i < to; i++) {
                    result = combine(result, a[i]);
                }
            } else {
                long[] a = (long[]) register;
                for (int i = from; i < to; i++) {
                    result = combine(result, a[i]);
                }
            }
            results[into] = result;
        }

        @Override
        void combine(Object register, int at, int n) {
            if (register instanceof int[] a) {
                for (int i = 0; i < n; i++) {
                    results[i] = combine(results[i], a[at + i]);
                }
            } else {
                long[] a = (long[]) register;
                for (int i = 0; i < n; i++) {
                    results[i] = combine(results[i], a[at + i]);
                }
            }
        }

        @Override
        void merge(Accumulator other, int n) {
            long[] others = ((Integers) other).results;
            for (int i = 0; i < n; i++) {
                results[i] = combine(results[i], others[i]);
            }
        }

        @Override
        void store(DType dtype, Object target, int at, int n) {
            if (Domain.of(dtype) == Domain.LONG) {
                Conversions.narrow(dtype, results, target, at, n);
                return;
            }
            int[] ints = new int[n];
            for (int i = 0; i < n; i++) {
                ints[i] = dtype == DType.BOOL ? (results[i] != 0 ? 1 : 0) : (int) results[i];
            }
            Conversions.narrow(dtype, ints, target, at, n);
        }
    }

    private static final class Complexes extends Accumulator {
        private double[] results = new double[0];

        Complexes(ReduceOp op) {
            super(op);
        }

        @Override
        void start(int n) {
            if (results.length < 2 * n) {
                results = new double[2 * n];
            }
            double neutral = switch (op) {
                case SUM -> 0;
                case PROD -> 1;
                case MAX -> Double.NEGATIVE_INFINITY;
                case MIN -> Double.POSITIVE_INFINITY;
            };
            for (int i = 0; i < n; i++) {
                results[2 * i] = neutral;
                results[2 * i + 1] = op == ReduceOp.PROD ? 0 : neutral;
            }
        }

        private void combine(int into, double re, double im) {
            double a = results[2 * into];
            double b = results[2 * into + 1];
            switch (op) {
                case SUM -> {
                    results[2 * into] = a + re;
                    results[2 * into + 1] = b + im;
                }
                case PROD -> {
                    results[2 * into] = a * re - b * im;
                    results[2 * into + 1] = a * im + b * re;
                }
                case MAX, MIN -> {
                    boolean nan = Double.isNaN(a) || Double.isNaN(b);
                    boolean better = op == ReduceOp.MAX ? Complex.less(a, b, re, im) : Complex.less(re, im, a, b);
                    if (!nan && (better || Double.isNaN(re) || Double.isNaN(im))) {
                        results[2 * into] = re;
                        results[2 * into + 1] = im;
                    }
                }
            }
        }

        @Override
        void fold(Object register, int from, int to, int into) {
            float[] a = (float[]) register;
            for (int i = from; i < to; i++) {
                combine(into, a[2 * i], a[2 * i + 1]);
            }
        }

        @Override
        void combine(Object register, int at, int n) {
            float[] a = (float[]) register;
            for (int i = 0; i < n; i++) {
                combine(i, a[2 * (at + i)], a[2 * (at + i) + 1]);
            }
        }

        @Override
        void merge(Accumulator other, int n) {
            double[] z = ((Complexes) other).results;
            for (int i = 0; i < n; i++) {
                combine(i, z[2 * i], z[2 * i + 1]);
            }
        }

        @Override
        void store(DType dtype, Object target, int at, int n) {
            float[] o = (float[]) target;
            for (int i = 0; i < 2 * n; i++) {
                o[2 * at + i] = (float) results[i];
            }
        }
    }
}
