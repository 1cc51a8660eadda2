package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Tensor;

/// Running sums, products, extremes and logarithms of sums of exponentials along an axis. Floating point is carried in
/// double and rounded for each result.
final class Scans {
    private Scans() {}

    static void run(ScanOp op, int axis, boolean reverse, boolean inclusive, Tensor input, Tensor output) {
        Rows rows = new Rows(input, axis);
        Rows results = new Rows(output, axis);
        int stride = output.strides().get(axis);
        DType dtype = input.dtype();
        Object register = Domain.of(dtype).register(rows.length);
        Object scratch = results.scratch();
        for (int row = 0; row < rows.count; row++) {
            rows.read(row, register);
            switch (Domain.of(dtype)) {
                case INT -> scanInts(op, dtype, reverse, inclusive, (int[]) register, rows.length);
                case LONG -> scanLongs(op, dtype, reverse, inclusive, (long[]) register, rows.length);
                case FLOAT -> scanFloats(op, reverse, inclusive, (float[]) register, rows.length);
                case DOUBLE -> scanDoubles(op, reverse, inclusive, (double[]) register, rows.length);
                case COMPLEX -> scanComplex(op, reverse, inclusive, (float[]) register, rows.length);
            }
            Conversions.settle(dtype, register, 0, rows.length);
            results.write(row, stride, register, scratch);
        }
    }

    private static double neutral(ScanOp op) {
        return switch (op) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, LOGADDEXP -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static double combine(ScanOp op, double a, double b) {
        return switch (op) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case LOGADDEXP -> Functions.logAddExp(a, b);
        };
    }

    private static void scanFloats(ScanOp op, boolean reverse, boolean inclusive, float[] a, int n) {
        double sum = neutral(op);
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            double next = combine(op, sum, a[i]);
            a[i] = (float) (inclusive ? next : sum);
            sum = next;
        }
    }

    private static void scanDoubles(ScanOp op, boolean reverse, boolean inclusive, double[] a, int n) {
        double sum = neutral(op);
        for (int k = 0; k < n; k++) {
            int i = reverse ? n - 1 - k : k;
            double next = combine(op, sum, a[i]);
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
