package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Tensor;

/// Finds where the first largest or smallest element is. NaN is passed over; where there is nothing else the answer is
/// 0.
final class ArgReduction {
    private ArgReduction() {}

    static void run(ArgReduceOp op, int axis, Tensor input, Tensor output) {
        Rows rows = new Rows(input, axis);
        DType dtype = input.dtype();
        boolean most = op == ArgReduceOp.ARGMAX;
        Object register = Domain.of(dtype).register(rows.length);
        int[] target = (int[]) Storage.array(output);
        for (int row = 0; row < rows.count; row++) {
            rows.read(row, register);
            target[row] = switch (register) {
                case int[] a -> find(a, rows.length, most);
                case long[] a -> find(a, rows.length, most, dtype == DType.UINT64);
                case double[] a -> find(a, rows.length, most);
                case float[] a when dtype == DType.COMPLEX64 -> findComplex(a, rows.length, most);
                case float[] a -> find(a, rows.length, most);
                default -> throw new AssertionError(register.getClass());
            };
        }
    }

    private static int find(int[] a, int n, boolean most) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (most ? a[i] > a[best] : a[i] < a[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int find(long[] a, int n, boolean most, boolean unsigned) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (most ? LongKernels.less(a[best], a[i], unsigned) : LongKernels.less(a[i], a[best], unsigned)) {
                best = i;
            }
        }
        return best;
    }

    private static int find(float[] a, int n, boolean most) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (!Float.isNaN(a[i]) && (best < 0 || (most ? a[i] > a[best] : a[i] < a[best]))) {
                best = i;
            }
        }
        return Math.max(best, 0);
    }

    private static int find(double[] a, int n, boolean most) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (!Double.isNaN(a[i]) && (best < 0 || (most ? a[i] > a[best] : a[i] < a[best]))) {
                best = i;
            }
        }
        return Math.max(best, 0);
    }

    private static int findComplex(float[] a, int n, boolean most) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            float re = a[2 * i];
            float im = a[2 * i + 1];
            if (Float.isNaN(re) || Float.isNaN(im)) {
                continue;
            }
            if (best < 0
                    || (most
                            ? Complex.less(a[2 * best], a[2 * best + 1], re, im)
                            : Complex.less(re, im, a[2 * best], a[2 * best + 1]))) {
                best = i;
            }
        }
        return Math.max(best, 0);
    }
}
