package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/// The plain loops that run before those of vectors are compiled give the bits that these give. Skipped in the run of the tests without the Vector API.
@AddLifecycleHook(StartingTest.NeedsVectors.class)
class StartingTest {
    static final class NeedsVectors implements SkipExecutionHook {
        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            return VectorSupport.get() == null ? SkipResult.skip("no Vector API") : SkipResult.doNotSkip();
        }
    }

    private static float[] floats(Random random, int n) {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
            int kind = random.nextInt(40);
            a[i] = kind == 0
                    ? -0f
                    : kind == 1
                            ? Float.POSITIVE_INFINITY
                            : kind == 2
                                    ? Float.MIN_VALUE
                                    : (float) (random.nextGaussian() * Math.pow(2, random.nextInt(30) - 15));
        }
        return a;
    }

    /// Which operand's NaN comes out is the compiler's choice, so all count as one.
    private static int[] bits(float[] a) {
        int[] bits = new int[a.length];
        for (int i = 0; i < a.length; i++) {
            bits[i] = Float.floatToIntBits(a[i]);
        }
        return bits;
    }

    /// What starts with plain loops, whatever this JVM was told.
    private static <T> T starting(java.util.function.Supplier<T> made) {
        String told = System.getProperty("lazuli.vector");
        System.clearProperty("lazuli.vector");
        try {
            return made.get();
        } finally {
            if (told != null) {
                System.setProperty("lazuli.vector", told);
            }
        }
    }

    @Property(tries = 400)
    void tilesHaveTheSameBits(
            @ForAll long seed,
            @ForAll boolean tall,
            @ForAll @IntRange(min = 1, max = 2) int vectors,
            @ForAll @IntRange(min = 1, max = 40) int depth,
            @ForAll @IntRange(min = 0, max = 2) int layout,
            @ForAll boolean add) {
        MicroKernel fast = new VectorMicroKernel();
        MicroKernel slow = starting(() -> new StartingKernel(fast));
        int rows = tall ? fast.rows() : 4;
        int wide = 2 * fast.lanes();
        int aRow = layout == 0 ? depth : layout == 1 ? 1 : 3;
        int aColumn = layout == 0 ? 1 : layout == 1 ? rows : 3 * rows;
        Random random = new Random(seed);
        float[] a = floats(random, 3 * rows * depth + 3 * rows + 5);
        float[] b = floats(random, wide * depth + 7);
        float[] expected = floats(random, rows * (wide + 3) + 2);
        float[] actual = expected.clone();
        fast.multiply(rows, vectors, a, 5, aRow, aColumn, b, 7, wide, depth, expected, 2, wide + 3, add);
        slow.multiply(rows, vectors, a, 5, aRow, aColumn, b, 7, wide, depth, actual, 2, wide + 3, add);
        assertArrayEquals(bits(expected), bits(actual));
    }

    @Property(tries = 200)
    void innerProductsHaveTheSameBits(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int fours,
            @ForAll @IntRange(min = 1, max = 3) int fives,
            @ForAll @IntRange(min = 1, max = 9) int vectors) {
        MicroKernel fast = new VectorMicroKernel();
        MicroKernel slow = starting(() -> new StartingKernel(fast));
        int lanes = fast.lanes();
        int rows = 4 * fours;
        int columns = 5 * fives;
        int depth = vectors * lanes;
        Random random = new Random(seed);
        float[] a = floats(random, rows * (depth + 3) + 5);
        float[] b = floats(random, columns * (depth + 1) + 7);
        float[] expected = floats(random, (rows * columns + 1) * lanes + 2);
        float[] actual = expected.clone();
        fast.inner(a, 5, depth + 3, rows, b, 7, depth + 1, columns, depth, expected, 2);
        slow.inner(a, 5, depth + 3, rows, b, 7, depth + 1, columns, depth, actual, 2);
        assertArrayEquals(bits(expected), bits(actual));
        float[] totals = new float[rows * columns + lanes];
        float[] same = totals.clone();
        fast.fold(expected, 2, rows * columns, totals);
        slow.fold(actual, 2, rows * columns, same);
        assertArrayEquals(bits(Arrays.copyOf(totals, rows * columns)), bits(Arrays.copyOf(same, rows * columns)));
    }

    @Property(tries = 200)
    void sumsHaveTheSameBits(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 300) int n,
            @ForAll @IntRange(min = 0, max = 5) int rows) {
        DoubleSums fast = new VectorSums();
        DoubleSums slow = starting(() -> new StartingSums(fast, VectorSums.LANES));
        Random random = new Random(seed);
        float[] a = floats(random, n + 3);
        double[] d = new double[n + 3];
        Arrays.setAll(d, i -> a[i] * random.nextDouble());
        assertEquals(fast.sum(a, 3, n + 3), slow.sum(a, 3, n + 3));
        assertEquals(fast.sum(d, 3, n + 3), slow.sum(d, 3, n + 3));
        double[] expected = d.clone();
        double[] actual = d.clone();
        float[] wide = floats(random, rows * (n + 2) + 3);
        fast.add(expected, wide, 3, n + 2, rows, n);
        slow.add(actual, wide, 3, n + 2, rows, n);
        fast.add(expected, d, 3, n);
        slow.add(actual, d, 3, n);
        assertArrayEquals(expected, actual);
    }
}
