package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// The plain loops of bfloat16, by what its numbers are: those floats whose lower half is zero.
class BrainFloatsTest {
    /// Some blocks, and some elements more.
    private static final int SIZE = 1300;

    private final BrainFloats loops = new BrainFloats();

    @Test
    void everyNumberIsRead() {
        short[] stored = new short[1 << 16];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (short) i;
        }
        float[] all = new float[stored.length - 3];
        loops.widen(stored, 3, all, all.length);
        for (int i = 0; i < all.length; i++) {
            assertEquals((i + 3) << 16, Float.floatToRawIntBits(all[i]));
        }
    }

    @Test
    void theNearestIsStored() {
        for (int n : new int[] {1, 7, 16, 512, SIZE}) {
            float[] x = numbers(n);
            short[] stored = new short[n + 2];
            loops.narrow(x, stored, 1, n);
            float[] rounded = x.clone();
            loops.round(rounded, 0, n);
            assertEquals(0, stored[0] | stored[n + 1]);
            for (int i = 0; i < n; i++) {
                checkNearest(x[i], stored[i + 1]);
                assertEquals(stored[i + 1] << 16, Float.floatToRawIntBits(rounded[i]));
                assertEquals(stored[i + 1], BrainFloats.of(x[i]));
            }
        }
    }

    private static void checkNearest(float x, short stored) {
        float y = BrainFloats.toFloat(stored);
        if (Float.isNaN(x)) {
            assertTrue(Float.isNaN(y), () -> Integer.toHexString(Float.floatToRawIntBits(x)));
            return;
        }
        // Infinity takes the place of the number after the largest one.
        double distance = Math.abs(magnitude(y) - Math.abs((double) x));
        for (int step : new int[] {-1, 1}) {
            int other = (stored & 0x7FFF) + step;
            if (other < 0 || other > 0x7F80) {
                continue;
            }
            double next = Math.abs(magnitude(BrainFloats.toFloat((short) other)) - Math.abs((double) x));
            assertTrue(distance < next || (distance == next && (stored & 1) == 0), () -> x + " to " + y);
        }
        assertEquals(Float.floatToRawIntBits(x) < 0, Float.floatToRawIntBits(y) < 0);
    }

    private static double magnitude(float y) {
        return Float.isInfinite(y) ? 0x1p128 : Math.abs(y);
    }

    /// Numbers of all sizes, halves between two, NaNs of all payloads, and what overflows.
    private static float[] numbers(int n) {
        Random random = new Random(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            int bits = random.nextInt();
            x[i] = Float.intBitsToFloat(
                    switch (i % 5) {
                        case 0 -> bits & 0xFFFF0000 | 0x8000;
                        case 1 -> bits | 0x7F800000;
                        case 2 -> bits & 0x80000000 | 0x7F7F0000 | random.nextInt(1 << 16);
                        default -> bits;
                    });
            if (Float.isInfinite(x[i])) {
                x[i] = 0;
            }
        }
        return x;
    }
}
