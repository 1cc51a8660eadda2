package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.Tensor;

/// Combines the slices of a tensor of updates into elements of a row-major array, one after another.
final class Updates {
    /// Additions to a part, about: some tens of microseconds.
    private static final int GRAIN = 1 << 16;

    /// Parts at most, each of which looks at all positions.
    private static final int PARTS = 16;

    /// Elements that are added at a time: they stay in the first-level cache.
    private static final int BLOCK = 1024;

    /// Fewer elements are added one by one.
    private static final int SHORT = 16;

    private final UpdateOp op;
    private final DType dtype;

    /// Where each slice goes, and where each element of a slice lies from there.
    private final int[] positions;

    private final int[] offsets;

    /// Whether the elements of a slice lie one after another.
    private final boolean contiguous;

    Updates(UpdateOp op, DType dtype, int[] positions, int[] offsets, boolean contiguous) {
        this.op = op;
        this.dtype = dtype;
        this.positions = positions;
        this.offsets = offsets;
        this.contiguous = contiguous;
    }

    /// Applies the updates to the first `size` elements of a storage array.
    void apply(Tensor updates, Object target, int size) {
        if (contiguous && op == UpdateOp.ADD && dtype == DType.FLOAT32 && updates.isContiguous()) {
            addRuns((float[]) Storage.array(updates), updates.offset(), (float[]) target, size);
            return;
        }
        if (Domain.isDirect(dtype)) {
            applyTo(updates, target);
            return;
        }
        Object wide = Domain.of(dtype).register(size);
        Conversions.widen(dtype, target, 0, wide, size);
        applyTo(updates, wide);
        Conversions.narrow(dtype, wide, target, 0, size);
    }

    private void applyTo(Tensor updates, Object target) {
        TileReader reader = new TileReader(updates);
        int size = updates.shape().size();
        int tile = Math.min(size, Tiles.SIZE);
        Object register = Domain.of(dtype).register(tile);
        int slice = 0;
        int element = 0;
        for (int start = 0; start < size; start += tile) {
            int n = Math.min(tile, size - start);
            reader.read(start, n, register);
            // Within the tile, piece by piece of a slice.
            for (int i = 0; i < n; ) {
                int count = Math.min(n - i, offsets.length - element);
                int at = positions[slice];
                switch (target) {
                    case float[] t
                    when dtype == DType.COMPLEX64 -> complex(t, at, element, count, (float[]) register, i);
                    case float[] t
                    when contiguous && op == UpdateOp.ADD && dtype == DType.FLOAT32 ->
                        add(t, at + element, (float[]) register, i, count);
                    case float[] t -> floats(t, at, element, count, (float[]) register, i);
                    case double[] t -> doubles(t, at, element, count, (double[]) register, i);
                    case int[] t -> ints(t, at, element, count, (int[]) register, i);
                    case long[] t -> longs(t, at, element, count, (long[]) register, i);
                    default -> throw new IllegalArgumentException("not a register: " + target.getClass());
                }
                i += count;
                element += count;
                if (element == offsets.length) {
                    element = 0;
                    slice++;
                }
            }
        }
    }

    /// What the gradient of an embedding comes down to: rows added to rows. Each part of the target is one thread's, which adds what falls there in its
    /// order.
    private void addRuns(float[] u, int first, float[] t, int size) {
        int length = offsets.length;
        int most = length < SHORT ? 1 : PARTS;
        int parts = Math.clamp((long) positions.length * length / GRAIN, 1, most);
        Workers.SHARED.run(parts, part -> {
            int from = (int) ((long) size * part / parts);
            int to = (int) ((long) size * (part + 1) / parts);
            float[] sums = new float[Math.min(length, BLOCK)];
            float[] terms = new float[sums.length];
            for (int slice = 0; slice < positions.length; slice++) {
                int begin = Math.max(positions[slice], from);
                int end = Math.min(positions[slice] + length, to);
                int source = first + slice * length - positions[slice];
                for (int at = begin; at < end; at += sums.length) {
                    int n = Math.min(sums.length, end - at);
                    if (n < SHORT) {
                        add(t, at, u, source + at, n);
                    } else {
                        add(t, at, u, source + at, n, sums, terms);
                    }
                }
            }
        });
    }

    private static void add(float[] t, int at, float[] u, int source, int n) {
        for (int i = 0; i < n; i++) {
            t[at + i] += u[source + i];
        }
    }

    /// The same by way of two arrays with the same index, since the compiler vectorises no sum where one array may be the other.
    private static void add(float[] t, int at, float[] u, int source, int n, float[] sums, float[] terms) {
        System.arraycopy(t, at, sums, 0, n);
        System.arraycopy(u, source, terms, 0, n);
        for (int i = 0; i < n; i++) {
            sums[i] += terms[i];
        }
        System.arraycopy(sums, 0, t, at, n);
    }

    private void floats(float[] t, int at, int element, int count, float[] u, int i) {
        for (int j = 0; j < count; j++) {
            int to = at + offsets[element + j];
            float update = u[i + j];
            float value = switch (op) {
                case SET -> update;
                case ADD -> t[to] + update;
                case MULTIPLY -> t[to] * update;
                case MAXIMUM -> Math.max(t[to], update);
                case MINIMUM -> Math.min(t[to], update);
            };
            t[to] = switch (dtype) {
                case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(value));
                case BFLOAT16 -> BrainFloats.toFloat(BrainFloats.of(value));
                default -> value;
            };
        }
    }

    private void doubles(double[] t, int at, int element, int count, double[] u, int i) {
        for (int j = 0; j < count; j++) {
            int to = at + offsets[element + j];
            double update = u[i + j];
            t[to] = switch (op) {
                case SET -> update;
                case ADD -> t[to] + update;
                case MULTIPLY -> t[to] * update;
                case MAXIMUM -> Math.max(t[to], update);
                case MINIMUM -> Math.min(t[to], update);
            };
        }
    }

    private void ints(int[] t, int at, int element, int count, int[] u, int i) {
        boolean bool = dtype == DType.BOOL;
        for (int j = 0; j < count; j++) {
            int to = at + offsets[element + j];
            int update = u[i + j];
            t[to] = switch (op) {
                case SET -> update;
                // Narrow types wrap when they are stored: sums and products keep their low bits until then.
                case ADD -> bool ? t[to] | update : t[to] + update;
                case MULTIPLY -> t[to] * update;
                case MAXIMUM -> Math.max(t[to], update);
                case MINIMUM -> Math.min(t[to], update);
            };
        }
    }

    private void longs(long[] t, int at, int element, int count, long[] u, int i) {
        boolean unsigned = dtype == DType.UINT64;
        for (int j = 0; j < count; j++) {
            int to = at + offsets[element + j];
            long update = u[i + j];
            t[to] = switch (op) {
                case SET -> update;
                case ADD -> t[to] + update;
                case MULTIPLY -> t[to] * update;
                case MAXIMUM -> LongKernels.less(t[to], update, unsigned) ? update : t[to];
                case MINIMUM -> LongKernels.less(update, t[to], unsigned) ? update : t[to];
            };
        }
    }

    private void complex(float[] t, int at, int element, int count, float[] u, int i) {
        for (int j = 0; j < count; j++) {
            int to = 2 * (at + offsets[element + j]);
            float re = u[2 * (i + j)];
            float im = u[2 * (i + j) + 1];
            float a = t[to];
            float b = t[to + 1];
            switch (op) {
                case SET -> {
                    t[to] = re;
                    t[to + 1] = im;
                }
                case ADD -> {
                    t[to] = a + re;
                    t[to + 1] = b + im;
                }
                case MULTIPLY -> {
                    t[to] = a * re - b * im;
                    t[to + 1] = a * im + b * re;
                }
                case MAXIMUM, MINIMUM -> {
                    boolean better = op == UpdateOp.MAXIMUM ? Complex.less(a, b, re, im) : Complex.less(re, im, a, b);
                    boolean spread = Float.isNaN(re) || Float.isNaN(im);
                    if (!Float.isNaN(a) && !Float.isNaN(b) && (better || spread)) {
                        t[to] = re;
                        t[to + 1] = im;
                    }
                }
            }
        }
    }
}
