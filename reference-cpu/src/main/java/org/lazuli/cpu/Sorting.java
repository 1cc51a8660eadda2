package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Sorts along an axis: stable, NaN last, complex numbers by real and then imaginary part.
///
/// Every dtype is mapped to a `long` whose order is the order of the elements. Keys of 32 bits are sorted together with
/// the element's position in the other half of a `long`; longer ones with the positions in an array of their own.
///
/// Lines are sorted at the same time. Those that lie side by side, across the axis, are brought into rows first.
final class Sorting {
    /// Elements to a part, about: some hundreds of microseconds.
    private static final int GRAIN = 1 << 14;

    /// Lines side by side that are read together: a line of the cache.
    private static final int ABREAST = 16;

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
        int each = Math.max(1, GRAIN / Math.max(n, 1));
        Workers.SHARED.run((rows.count + each - 1) / each, part -> {
            Sorter sorter = new Sorter(input, output, positions, new Rows(rows), new Rows(results), axis);
            int to = Math.min(rows.count, (part + 1) * each);
            for (int row = part * each; row < to; ) {
                row += sorter.run(row, Math.min(ABREAST, to - row));
            }
        });
    }

    /// The lines of one part, one after another.
    private static final class Sorter {
        private final DType dtype;
        private final boolean positions;
        private final Rows rows;
        private final Rows results;
        private final int inStride;
        private final int outStride;
        private final int n;
        private final int width;
        private final Object source;
        private final Object target;
        private final Object register;
        private final boolean narrow;
        private final RadixSort sort;
        private final int[] order;
        private @Nullable Object lines;
        private @Nullable Object sorted;

        Sorter(Tensor input, Tensor output, boolean positions, Rows rows, Rows results, int axis) {
            this.dtype = input.dtype();
            this.positions = positions;
            this.rows = rows;
            this.results = results;
            this.inStride = input.strides().get(axis);
            this.outStride = output.strides().get(axis);
            this.n = rows.length;
            this.width = Storage.width(dtype);
            this.source = Storage.array(input);
            this.target = Storage.array(output);
            this.register = Domain.of(dtype).register(n);
            this.narrow = dtype.bytes() <= 4;
            this.sort = new RadixSort(n, narrow);
            this.order = new int[n];
        }

        /// Sorts some lines from number `row` on, at most `most`.
        ///
        /// @return how many
        int run(int row, int most) {
            int together = Math.min(rows.beside(row, most), results.beside(row, most));
            if (together == 1) {
                rows.read(row, register);
                order();
                give(source, rows.position(row), inStride, target, results.position(row), outStride);
                return 1;
            }
            Object in = lines;
            Object out = sorted;
            if (in == null || out == null) {
                in = java.lang.reflect.Array.newInstance(source.getClass().componentType(), ABREAST * n * width);
                out = java.lang.reflect.Array.newInstance(target.getClass().componentType(), ABREAST * n * width);
                lines = in;
                sorted = out;
            }
            rows.readBeside(row, together, in);
            for (int i = 0; i < together; i++) {
                Conversions.widen(dtype, in, i * n, register, n);
                order();
                give(in, i * n, 1, out, i * n, 1);
            }
            results.writeBeside(row, together, out);
            return together;
        }

        /// Finds the positions of the elements in the register in ascending order.
        private void order() {
            long[] keys = sort.keys();
            keys(dtype, register, keys);
            if (!narrow) {
                sort.positions(order);
                return;
            }
            for (int i = 0; i < keys.length; i++) {
                keys[i] = keys[i] << 32 | i;
            }
            sort.halves();
            long[] sorted = sort.keys();
            for (int i = 0; i < sorted.length; i++) {
                order[i] = (int) sorted[i];
            }
        }

        /// Stores positions, or the elements at them.
        private void give(Object from, int at, int stride, Object to, int toAt, int toStride) {
            if (positions) {
                Runs.copy(order, 0, 1, to, toAt, toStride, n, 1);
            } else if (from instanceof float[] a && width == 1) {
                pick(a, at, stride, (float[]) to, toAt, toStride, order);
            } else if (from instanceof int[] a) {
                pick(a, at, stride, (int[]) to, toAt, toStride, order);
            } else {
                for (int i = 0; i < n; i++) {
                    Runs.copy(from, at + order[i] * stride, 1, to, toAt + i * toStride, 1, 1, width);
                }
            }
        }
    }

    private static void pick(float[] a, int at, int stride, float[] o, int toAt, int toStride, int[] order) {
        for (int i = 0; i < order.length; i++) {
            o[toAt + i * toStride] = a[at + order[i] * stride];
        }
    }

    private static void pick(int[] a, int at, int stride, int[] o, int toAt, int toStride, int[] order) {
        for (int i = 0; i < order.length; i++) {
            o[toAt + i * toStride] = a[at + order[i] * stride];
        }
    }

    private static void keys(DType dtype, Object register, long[] keys) {
        if (dtype.isFloating() && register instanceof float[] a) {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = key(a[i]);
            }
            return;
        }
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
