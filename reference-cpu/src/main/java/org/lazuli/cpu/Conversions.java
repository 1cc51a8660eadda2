package org.lazuli.cpu;

import org.lazuli.DType;

/// Between storage arrays and registers: widening on the way in, narrowing on the way out, and bringing a result into
/// the range of its dtype in between.
final class Conversions {
    /// Looked up here and not handed over by backends: both kinds give the same bits.
    private static final BrainFloats BRAIN_FLOATS = brainFloats();

    private Conversions() {}

    private static BrainFloats brainFloats() {
        VectorSupport vectors = VectorSupport.get();
        return vectors == null ? new BrainFloats() : vectors.brainFloats();
    }

    /// Reads `n` stored elements from `at` on into a register.
    static void widen(DType dtype, Object stored, int at, Object register, int n) {
        switch (dtype) {
            case BOOL, INT8 -> widenSigned((byte[]) stored, at, (int[]) register, n);
            case UINT8 -> widenUnsigned((byte[]) stored, at, (int[]) register, n);
            case INT16 -> widenSigned((short[]) stored, at, (int[]) register, n);
            case UINT16 -> widenUnsigned((short[]) stored, at, (int[]) register, n);
            case UINT32 -> widenUnsigned((int[]) stored, at, (long[]) register, n);
            case FLOAT16 -> widenHalf((short[]) stored, at, (float[]) register, n);
            case BFLOAT16 -> BRAIN_FLOATS.widen((short[]) stored, at, (float[]) register, n);
            case INT32, INT64, UINT64, FLOAT32, FLOAT64 -> System.arraycopy(stored, at, register, 0, n);
            case COMPLEX64 -> System.arraycopy(stored, 2 * at, register, 0, 2 * n);
        }
    }

    /// Stores `n` elements of a register from position `at` on.
    static void narrow(DType dtype, Object register, Object stored, int at, int n) {
        switch (dtype) {
            case BOOL, INT8, UINT8 -> narrowBytes((int[]) register, (byte[]) stored, at, n);
            case INT16, UINT16 -> narrowShorts((int[]) register, (short[]) stored, at, n);
            case UINT32 -> narrowInts((long[]) register, (int[]) stored, at, n);
            case FLOAT16 -> narrowHalf((float[]) register, (short[]) stored, at, n);
            case BFLOAT16 -> BRAIN_FLOATS.narrow((float[]) register, (short[]) stored, at, n);
            case INT32, INT64, UINT64, FLOAT32, FLOAT64 -> System.arraycopy(register, 0, stored, at, n);
            case COMPLEX64 -> System.arraycopy(register, 0, stored, 2 * at, 2 * n);
        }
    }

    /// Rounds or wraps a register's elements to what its dtype can hold.
    static void settle(DType dtype, Object register, int from, int to) {
        switch (dtype) {
            case UINT8 -> mask((int[]) register, 0xFF, from, to);
            case UINT16 -> mask((int[]) register, 0xFFFF, from, to);
            case INT8 -> extend((int[]) register, 24, from, to);
            case INT16 -> extend((int[]) register, 16, from, to);
            case UINT32 -> mask((long[]) register, 0xFFFFFFFFL, from, to);
            case FLOAT16 -> roundHalf((float[]) register, from, to);
            case BFLOAT16 -> BRAIN_FLOATS.round((float[]) register, from, to);
            case BOOL, INT32, INT64, UINT64, FLOAT32, FLOAT64, COMPLEX64 -> {}
        }
    }

    private static void widenSigned(byte[] a, int at, int[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[at + i];
        }
    }

    private static void widenUnsigned(byte[] a, int at, int[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[at + i] & 0xFF;
        }
    }

    private static void widenSigned(short[] a, int at, int[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[at + i];
        }
    }

    private static void widenUnsigned(short[] a, int at, int[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[at + i] & 0xFFFF;
        }
    }

    private static void widenUnsigned(int[] a, int at, long[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = a[at + i] & 0xFFFFFFFFL;
        }
    }

    private static void widenHalf(short[] a, int at, float[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = Float.float16ToFloat(a[at + i]);
        }
    }

    private static void narrowBytes(int[] a, byte[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = (byte) a[i];
        }
    }

    private static void narrowShorts(int[] a, short[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = (short) a[i];
        }
    }

    private static void narrowInts(long[] a, int[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = (int) a[i];
        }
    }

    private static void narrowHalf(float[] a, short[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = Float.floatToFloat16(a[i]);
        }
    }

    private static void mask(int[] a, int mask, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] &= mask;
        }
    }

    private static void mask(long[] a, long mask, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] &= mask;
        }
    }

    private static void extend(int[] a, int bits, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = a[i] << bits >> bits;
        }
    }

    private static void roundHalf(float[] a, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = Float.float16ToFloat(Float.floatToFloat16(a[i]));
        }
    }
}
