package org.lazuli.cpu;

import java.lang.foreign.MemorySegment;

/// Loops between bfloat16, stored as `short`, and float registers: plain ones here, those of the Vector API in [VectorBrainFloats].
///
/// The JIT compiler vectorises arithmetic with bits, but not the step between bits and a float. So bits come from and go to floats by copies of memory, a block
/// that stays in the first-level cache at a time.
class BrainFloats {
    /// Elements to a block.
    private static final int BLOCK = 512;

    /// Fewer elements are taken one by one.
    private static final int SHORT = 16;

    private static final int INFINITY = 0x7F80_0000;

    private static final ThreadLocal<int[]> BITS = ThreadLocal.withInitial(() -> new int[BLOCK]);

    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Rounds to the nearest bfloat16, ties to even.
    static short of(float value) {
        return (short) nearest(Float.floatToRawIntBits(value));
    }

    /// Does so with the bits of a float, by arithmetic alone. A NaN's payload must not be carried away into an infinity.
    private static int nearest(int bits) {
        int upper = bits >>> 16;
        int isNaN = (INFINITY - (bits & Integer.MAX_VALUE)) >> 31;
        return (((bits + 0x7FFF + (upper & 1)) >>> 16) & ~isNaN) | ((upper | 0x40) & isNaN);
    }

    /// Reads `n` stored elements from `at` on.
    void widen(short[] a, int at, float[] o, int n) {
        if (n < SHORT) {
            for (int i = 0; i < n; i++) {
                o[i] = toFloat(a[at + i]);
            }
            return;
        }
        int[] bits = BITS.get();
        for (int i = 0; i < n; i += BLOCK) {
            int count = Math.min(BLOCK, n - i);
            widen(a, at + i, bits, count);
            store(bits, o, i, count);
        }
    }

    /// Stores `n` elements from `at` on.
    void narrow(float[] a, short[] o, int at, int n) {
        if (n < SHORT) {
            for (int i = 0; i < n; i++) {
                o[at + i] = of(a[i]);
            }
            return;
        }
        int[] bits = BITS.get();
        for (int i = 0; i < n; i += BLOCK) {
            int count = Math.min(BLOCK, n - i);
            load(a, i, bits, count);
            round(bits, count);
            narrow(bits, o, at + i, count);
        }
    }

    /// Rounds elements `from` … `to - 1` to what a bfloat16 can hold.
    void round(float[] a, int from, int to) {
        if (to - from < SHORT) {
            for (int i = from; i < to; i++) {
                a[i] = toFloat(of(a[i]));
            }
            return;
        }
        int[] bits = BITS.get();
        for (int i = from; i < to; i += BLOCK) {
            int count = Math.min(BLOCK, to - i);
            load(a, i, bits, count);
            round(bits, count);
            store(bits, a, i, count);
        }
    }

    private static void load(float[] a, int at, int[] bits, int n) {
        MemorySegment.copy(MemorySegment.ofArray(a), 4L * at, MemorySegment.ofArray(bits), 0, 4L * n);
    }

    private static void store(int[] bits, float[] o, int at, int n) {
        MemorySegment.copy(MemorySegment.ofArray(bits), 0, MemorySegment.ofArray(o), 4L * at, 4L * n);
    }

    private static void widen(short[] a, int at, int[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = a[at + i] << 16;
        }
    }

    private static void round(int[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = nearest(bits[i]) << 16;
        }
    }

    private static void narrow(int[] bits, short[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = (short) (bits[i] >>> 16);
        }
    }
}
