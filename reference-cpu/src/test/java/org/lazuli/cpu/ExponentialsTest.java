package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private interface Loop {
        void run(float[] a, float[] o, int from, int to);
    }

    private enum Function {
        EXP((a, o, from, to) -> Exponentials.exp(a, from, 0, o, from, to - from), Math::exp),
        SIGMOID(Exponentials::sigmoid, x -> 1 / (1 + Math.exp(-x))),
        TANH(Exponentials::tanh, Math::tanh);

        private final Loop loop;
        private final DoubleUnaryOperator exact;

        Function(Loop loop, DoubleUnaryOperator exact) {
            this.loop = loop;
            this.exact = exact;
        }
    }

    @Property(tries = 300)
    void nearestFloatOrItsNeighbour(
            @ForAll Function function,
            @ForAll long seed,
            @ForAll @IntRange(max = 1500) int n,
            @ForAll @IntRange(max = 5) int at) {
        float[] a = numbers(new Random(seed), at + n + 1);
        float[] o = a.clone();
        function.loop.run(a, o, at, at + n);
        for (int i = at; i < at + n; i++) {
            float actual = o[i];
            double expected = function.exact.applyAsDouble(a[i]);
            float nearest = (float) expected;
            if (nearest != actual) {
                String what = function + "(" + a[i] + ") is " + expected + ", not " + actual;
                assertTrue(Math.abs(expected - actual) <= 0.52 * Math.ulp(nearest), what);
            }
        }
        for (int i = 0; i < at; i++) {
            assertEquals(a[i], o[i]);
        }
        assertEquals(a[at + n], o[at + n]);
    }

    /// Wherever it lies, and among however many.
    @Property(tries = 300)
    void anElementAloneDecides(
            @ForAll Function function,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 1200) int n,
            @ForAll @IntRange(min = 1, max = 40) int part) {
        float[] a = numbers(new Random(seed), n);
        float[] whole = new float[n];
        function.loop.run(a, whole, 0, n);
        float[] inPlace = a.clone();
        for (int from = 0; from < n; from += part) {
            function.loop.run(inPlace, inPlace, from, Math.min(from + part, n));
        }
        assertArrayEquals(whole, inPlace);
    }

    @Property(tries = 100)
    void differencesAreTakenBefore(
            @ForAll long seed,
            @ForAll @IntRange(max = 700) int n,
            @ForAll @IntRange(max = 5) int at,
            @ForAll @IntRange(max = 5) int to) {
        Random random = new Random(seed);
        float[] a = numbers(random, at + n);
        float shift = (float) random.nextGaussian();
        float[] differences = new float[n];
        for (int i = 0; i < n; i++) {
            differences[i] = a[at + i] - shift;
        }
        Exponentials.exp(differences, 0, 0, differences, 0, n);
        float[] o = new float[to + n];
        Exponentials.exp(a, at, shift, o, to, n);
        assertArrayEquals(differences, Arrays.copyOfRange(o, to, to + n));
    }

    /// From far outside of what has a finite result to close to 0.
    private static float[] numbers(Random random, int n) {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
            a[i] = random.nextFloat(-110, 110) * (float) Math.pow(2, -random.nextInt(random.nextBoolean() ? 4 : 60));
        }
        return a;
    }

    /// In a block and one by one.
    @Test
    void limits() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float[] few = {nan, inf, -inf, 0, -0.0f, Float.MAX_VALUE, -Float.MAX_VALUE, 88.8f, -104.1f, Float.MIN_VALUE};
        float[] powers = {nan, inf, 0, 1, 1, inf, 0, inf, 0, 1};
        float[] shares = {nan, 1, 0, 0.5f, 0.5f, 1, 0, 1, 0, 0.5f};
        float[] tangents = {nan, 1, -1, 0, -0.0f, 1, -1, 1, -1, Float.MIN_VALUE};
        for (int length : new int[] {few.length, 100}) {
            float[] a = Arrays.copyOf(few, length);
            float[] o = new float[length];
            Exponentials.exp(a, 0, 0, o, 0, length);
            assertArrayEquals(powers, Arrays.copyOf(o, few.length));
            Exponentials.sigmoid(a, o, 0, length);
            assertArrayEquals(shares, Arrays.copyOf(o, few.length));
            Exponentials.tanh(a, o, 0, length);
            assertArrayEquals(tangents, Arrays.copyOf(o, few.length));
        }
    }
}
