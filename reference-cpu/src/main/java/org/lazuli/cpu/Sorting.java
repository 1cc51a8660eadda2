package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Sorts along an axis: stable, NaN last, complex numbers by real and then imaginary part.
///
/// Every dtype is mapped to a `long` whose order is the order of the elements. Keys of 32 bits are sorted together with
/// the element's position in the other half of a `long`, which also makes the sort stable; longer ones by a merge sort
/// of positions.
final class Sorting {
    private Sorting() {}

    static void sort(int axis, Tensor input, Tensor output) {
        run(axis, input, output, false);
    }

    static void argSort(int axis, Tensor input, Tensor output) {
        run(axis, input, output, true);
    }

    private static void run(int axis, Tensor input, Tensor output, boolean positions) {
        Rows rows = new Rows(input, axis);
        Rows results = new Rows(output, axis);
        int n = rows.length;
        int inStride = input.strides().get(axis);
        int outStride = output.strides().get(axis);
        int width = Storage.width(input.dtype());
        Object source = Storage.array(input);
        Object target = Storage.array(output);
        Object register = Domain.of(input.dtype()).register(n);
        long[] keys = new long[n];
        int[] order = new int[n];
        for (int row = 0; row < rows.count; row++) {
            rows.read(row, register);
            keys(input.dtype(), register, keys);
            order(keys, order, input.dtype().bytes() <= 4);
            int from = rows.position(row);
            int to = results.position(row);
            if (positions) {
                Runs.copy(order, 0, 1, target, to, outStride, n, 1);
            } else {
                for (int i = 0; i < n; i++) {
                    Runs.copy(source, from + order[i] * inStride, 1, target, to + i * outStride, 1, 1, width);
                }
            }
        }
    }

    /// The positions of the keys in ascending order.
    private static void order(long[] keys, int[] order, boolean narrow) {
        if (narrow) {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = keys[i] << 32 | i;
            }
            Arrays.sort(keys);
            for (int i = 0; i < keys.length; i++) {
                order[i] = (int) keys[i];
            }
            return;
        }
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        mergeSort(keys, order);
    }

    private static void mergeSort(long[] keys, int[] order) {
        int n = order.length;
        int[] from = order.clone();
        int[] to = new int[n];
        for (int run = 1; run < n; run = (int) Math.min(2L * run, Integer.MAX_VALUE)) {
            for (long start = 0; start < n; start += 2L * run) {
                int left = (int) start;
                int middle = (int) Math.min(start + run, n);
                int end = (int) Math.min(start + 2L * run, n);
                int right = middle;
                for (int i = left; i < end; i++) {
                    boolean takeLeft = left < middle && (right >= end || keys[from[left]] <= keys[from[right]]);
                    to[i] = from[takeLeft ? left++ : right++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        System.arraycopy(from, 0, order, 0, n);
    }

    private static void keys(DType dtype, Object register, long[] keys) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = switch (register) {
                case int[] a -> a[i];
                case long[] a ->
                    switch (dtype) {
                        // Values to 2³²-1 are brought into the range of a signed key of 32 bits.
                        case UINT32 -> a[i] + Integer.MIN_VALUE;
                        case UINT64 -> a[i] ^ Long.MIN_VALUE;
                        default -> a[i];
                    };
                case double[] a -> key(a[i]);
                case float[] a
                when dtype == DType.COMPLEX64 -> {
                    float re = a[2 * i];
                    float im = a[2 * i + 1];
                    yield Float.isNaN(re) || Float.isNaN(im)
                            ? Long.MAX_VALUE
                            : (long) key(re) << 32 | ((key(im) ^ Integer.MIN_VALUE) & 0xFFFFFFFFL);
                }
                case float[] a -> key(a[i]);
                default -> throw new AssertionError(register.getClass());
            };
        }
    }

    /// Negative floats have their bits in reverse order. Both zeros are one key, and NaN is above infinity whatever its
    /// sign.
    private static int key(float x) {
        int bits = Float.floatToIntBits(x == 0 ? 0 : x);
        return bits ^ ((bits >> 31) & 0x7FFFFFFF);
    }

    private static long key(double x) {
        long bits = Double.doubleToLongBits(x == 0 ? 0 : x);
        return bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFFL);
    }
}
