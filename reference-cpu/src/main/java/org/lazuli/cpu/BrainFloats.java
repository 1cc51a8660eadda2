package org.lazuli.cpu;

/// Loops between bfloat16, stored as `short`, and float registers: plain ones here, those of the Vector API in [VectorBrainFloats]. The JIT compiler does
/// not vectorise the step from bits to a float.
class BrainFloats {
    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Rounds to the nearest bfloat16, ties to even.
    static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        // A NaN's payload must not be carried away into an infinity.
        return Float.isNaN(value)
                ? (short) ((bits >>> 16) | 0x40)
                : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /// Reads `n` stored elements from `at` on.
    void widen(short[] a, int at, float[] o, int n) {
        for (int i = 0; i < n; i++) {
            o[i] = toFloat(a[at + i]);
        }
    }

    /// Stores `n` elements from `at` on.
    void narrow(float[] a, short[] o, int at, int n) {
        for (int i = 0; i < n; i++) {
            o[at + i] = of(a[i]);
        }
    }

    /// Rounds elements `from` … `to - 1` to what a bfloat16 can hold.
    void round(float[] a, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = toFloat(of(a[i]));
        }
    }
}
