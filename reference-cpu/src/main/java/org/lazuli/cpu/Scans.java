package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Tensor;

/// Running sums, products, extremes and logarithms of sums of exponentials along an axis. Floating point is carried in
/// double and rounded for each result. Lines are scanned at the same time.
final class Scans {
    /// Elements to a part, about: some tens of microseconds.
    private static final int GRAIN = 1 << 15;

    /// Lines side by side that are scanned together, at least.
    private static final int ACROSS = 64;

    private Scans() {}

    static void run(ScanOp op, int axis, boolean reverse, boolean inclusive, Tensor input, Tensor output) {
        Rows rows = new Rows(input, axis);
        Rows results = new Rows(output, axis);
        int n = rows.length;
        boolean real = input.dtype().isFloating();
        int each = Math.max(real ? ACROSS : 1, GRAIN / Math.max(n, 1));
        Workers.SHARED.run((rows.count + each - 1) / each, part -> {
            Scan scan = new Scan(op, reverse, inclusive, input, output, new Rows(rows), new Rows(results), axis);
            int to = Math.min(rows.count, (part + 1) * each);
            for (int row = part * each; row < to; ) {
                row += scan.run(row, to - row);
            }
        });
    }

    /// The lines of one part, one after another.
    private static final class Scan {
        private final ScanOp op;
        private final boolean reverse;
        private final boolean inclusive;
        private final DType dtype;
        private final Tensor input;
        private final Tensor output;
        private final Rows rows;
        private final Rows results;
        private final int inStride;
        private final int outStride;
        private final Object register;
        private final Object scratch;

        Scan(
                ScanOp op,
                boolean reverse,
                boolean inclusive,
                Tensor input,
                Tensor output,
                Rows rows,
                Rows results,
                int axis) {
            this.op = op;
            this.reverse = reverse;
            this.inclusive = inclusive;
            this.dtype = input.dtype();
            this.input = input;
            this.output = output;
            this.rows = rows;
            this.results = results;
            this.inStride = input.strides().get(axis);
            this.outStride = output.strides().get(axis);
            this.register = Domain.of(dtype).register(rows.length);
            this.scratch = results.scratch();
        }

        /// Scans some lines from number `row` on, at most `most`.
        ///
        /// @return how many
        int run(int row, int most) {
            if (dtype.isFloating()) {
                int together = Math.min(rows.beside(row, most), results.beside(row, most));
                if (together > 1) {
                    across(row, together);
                    return together;
                }
            }
            int n = rows.length;
            rows.read(row, register);
            switch (Domain.of(dtype)) {
                case INT -> scanInts(op, dtype, reverse, inclusive, (int[]) register, n);
                case LONG -> scanLongs(op, dtype, reverse, inclusive, (long[]) register, n);
                case FLOAT -> scanFloats(op, reverse, inclusive, (float[]) register, n);
                case DOUBLE -> scanDoubles(op, reverse, inclusive, (double[]) register, n);
                case COMPLEX -> scanComplex(op, reverse, inclusive, (float[]) register, n);
            }
            Conversions.settle(dtype, register, 0, n);
            results.write(row, outStride, register, scratch);
            return 1;
        }

        /// Lines side by side: each of their elements is combined with the running results of all.
        private void across(int row, int lines) {
            RunningReals running = new RunningReals(op, lines);
            Object elements = Domain.of(dtype).register(lines);
            Object source = Storage.array(input);
            Object target = Storage.array(output);
            int from = rows.position(row);
            int to = results.position(row);
            for (int k = 0; k < rows.length; k++) {
                int i = reverse ? rows.length - 1 - k : k;
                Conversions.widen(dtype, source, from + i * inStride, elements, lines);
                running.take(elements, inclusive);
                Conversions.settle(dtype, elements, 0, lines);
                Conversions.narrow(dtype, elements, target, to + i * outStride, lines);
            }
        }
    }

    private static void scanFloats(ScanOp op, boolean reverse, boolean inclusive, float[] a, int n) {
        int first = reverse ? n - 1 : 0;
        int step = reverse ? -1 : 1;
        switch (op) {
            case SUM -> sums(a, first, step, inclusive);
            case PROD -> products(a, first, step, inclusive);
            case MAX -> maxima(a, first, step, inclusive);
            case MIN -> minima(a, first, step, inclusive);
            case LOGADDEXP -> logarithms(a, first, step, inclusive);
        }
    }

    private static void sums(float[] a, int first, int step, boolean inclusive) {
        double sum = 0;
        for (int k = 0, i = first; k < a.length; k++, i += step) {
            double next = sum + a[i];
            a[i] = (float) (inclusive ? next : sum);
            sum = next;
        }
    }

    private static void products(float[] a, int first, int step, boolean inclusive) {
        double product = 1;
        for (int k = 0, i = first; k < a.length; k++, i += step) {
            double next = product * a[i];
            a[i] = (float) (inclusive ? next : product);
            product = next;
        }
    }

    /// A branch is seldom taken, and quicker than a maximum that knows of NaN and zeros.
    private static void maxima(float[] a, int first, int step, boolean inclusive) {
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0, i = first; k < a.length; k++, i += step) {
            float x = a[i];
            float next = x < most ? most : Math.max(most, x);
            a[i] = inclusive ? next : most;
            most = next;
        }
    }

    private static void minima(float[] a, int first, int step, boolean inclusive) {
        float least = Float.POSITIVE_INFINITY;
        for (int k = 0, i = first; k < a.length; k++, i += step) {
            float x = a[i];
            float next = x > least ? least : Math.min(least, x);
            a[i] = inclusive ? next : least;
            least = next;
        }
    }

    private static void logarithms(float[] a, int first, int step, boolean inclusive) {
        double largest = Double.NEGATIVE_INFINITY;
        double rest = 0;
        for (int k = 0, i = first; k < a.length; k++, i += step) {
            double x = a[i];
            if (!inclusive) {
                a[i] = (float) RunningReals.logarithm(largest, rest);
            }
            rest = RunningReals.rest(largest, rest, x);
            largest = x > largest ? x : largest;
            if (inclusive) {
                a[i] = (float) RunningReals.logarithm(largest, rest);
            }
        }
    }

    private static void scanDoubles(ScanOp op, boolean reverse, boolean inclusive, double[] a, int n) {
        double sum = RunningReals.neutral(op);
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            double next = RunningReals.combine(op, sum, a[i]);
            a[i] = inclusive ? next : sum;
            sum = next;
        }
    }

    private static long neutral(ScanOp op, DType dtype) {
        return switch (op) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, LOGADDEXP -> Extremes.least(dtype);
            case MIN -> Extremes.greatest(dtype);
        };
    }

    private static long combine(ScanOp op, long a, long b, boolean unsigned) {
        return switch (op) {
            case SUM -> a + b;
            case PROD -> a * b;
            // log(exp(a) + exp(b)) is less than 1 above the larger one, so its integer part is that.
            case MAX, LOGADDEXP -> LongKernels.less(a, b, unsigned) ? b : a;
            case MIN -> LongKernels.less(b, a, unsigned) ? b : a;
        };
    }

    private static void scanInts(ScanOp op, DType dtype, boolean reverse, boolean inclusive, int[] a, int n) {
        // On bool a sum is *any* so far.
        ScanOp logical = dtype == DType.BOOL && op == ScanOp.SUM ? ScanOp.MAX : op;
        long sum = neutral(logical, dtype);
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            long next = combine(logical, sum, a[i], false);
            a[i] = (int) (inclusive ? next : sum);
            sum = next;
        }
    }

    private static void scanLongs(ScanOp op, DType dtype, boolean reverse, boolean inclusive, long[] a, int n) {
        long sum = neutral(op, dtype);
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            long next = combine(op, sum, a[i], dtype == DType.UINT64);
            a[i] = inclusive ? next : sum;
            sum = next;
        }
    }

    private static void scanComplex(ScanOp op, boolean reverse, boolean inclusive, float[] a, int n) {
        // Complex numbers have no least element to start an exclusive scan from; MLX starts it at 0, and so do we.
        float[] sum = {op == ScanOp.PROD ? 1 : 0, 0};
        float[] next = new float[2];
        float[] element = new float[2];
        BinaryOp binary = switch (op) {
            case SUM -> BinaryOp.ADD;
            case PROD -> BinaryOp.MULTIPLY;
            case MAX -> BinaryOp.MAXIMUM;
            case MIN -> BinaryOp.MINIMUM;
            case LOGADDEXP -> BinaryOp.LOGADDEXP;
        };
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            element[0] = a[2 * i];
            element[1] = a[2 * i + 1];
            if (k == 0 && inclusive) {
                System.arraycopy(element, 0, next, 0, 2);
            } else {
                ComplexKernels.binary(binary, sum, element, next, 0, 1);
            }
            System.arraycopy(inclusive ? next : sum, 0, a, 2 * i, 2);
            System.arraycopy(next, 0, sum, 0, 2);
        }
    }
}
