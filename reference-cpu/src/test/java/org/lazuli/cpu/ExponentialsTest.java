package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private static final int LENGTH = 100;

    @Property(tries = 200)
    void nearestFloatOrItsNeighbour(
            @ForAll long seed, @ForAll @IntRange(max = 1500) int n, @ForAll @IntRange(max = 5) int at) {
        Random random = new Random(seed);
        float shift = random.nextInt(4) == 0 ? 0 : (float) random.nextGaussian();
        float[] a = new float[at + n];
        for (int i = 0; i < a.length; i++) {
            a[i] = random.nextFloat(-110, 92);
        }
        float[] o = new float[n + 3];
        Exponentials.exp(a, at, shift, o, 2, n);
        for (int i = 0; i < n; i++) {
            float x = a[at + i] - shift;
            assertNear(Math.exp(x), o[2 + i], "exp(" + x + ")");
        }
        assertEquals(0, o[1]);
        assertEquals(0, o[2 + n]);

        float[] same = a.clone();
        Exponentials.sigmoid(a, same, at, at + n);
        for (int i = at; i < same.length; i++) {
            assertNear(1 / (1 + Math.exp(-(double) a[i])), same[i], "sigmoid(" + a[i] + ")");
        }
        for (int i = 0; i < at; i++) {
            assertEquals(a[i], same[i]);
        }
    }

    private static void assertNear(double expected, float actual, String what) {
        float nearest = (float) expected;
        if (nearest != actual) {
            assertTrue(Math.abs(expected - actual) <= 0.52 * Math.ulp(nearest), () -> what + ": " + actual);
        }
    }

    /// In a block and one by one.
    @Test
    void limits() {
        float[] few = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0,
            -0.0f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            88.8f,
            -104.1f
        };
        float inf = Float.POSITIVE_INFINITY;
        float[] powers = {Float.NaN, inf, 0, 1, 1, inf, 0, inf, 0};
        float[] shares = {Float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 1, (float) Math.exp(-104.1)};
        for (int length : new int[] {few.length, LENGTH}) {
            float[] a = Arrays.copyOf(few, length);
            float[] o = new float[length];
            Exponentials.exp(a, 0, 0, o, 0, length);
            assertArrayEquals(powers, Arrays.copyOf(o, few.length));
            Exponentials.sigmoid(a, o, 0, length);
            assertArrayEquals(shares, Arrays.copyOf(o, few.length));
        }
    }
}
