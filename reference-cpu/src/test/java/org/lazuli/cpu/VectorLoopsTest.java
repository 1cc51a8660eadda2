package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lazuli.spi.Primitive.UnaryOp;

/// The Vector API's kernels against the plain ones. Skipped in the run of the tests without that module, which [VectorModuleTest] tells apart.
class VectorLoopsTest {
    private VectorSupport vectors;

    @BeforeEach
    void find() {
        VectorSupport found = VectorSupport.get();
        Assumptions.assumeTrue(found != null, "no Vector API");
        vectors = Objects.requireNonNull(found);
    }

    /// Numbers of all magnitudes and signs, the special ones, and many of ordinary size.
    private static float[] arguments(int n) {
        Random random = new Random(1);
        float[] x = new float[n];
        float[] special = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            1f,
            -1f,
            0.5f,
            -0.5f,
            1e-30f,
            -1e-30f,
            1e-40f,
            88.7f,
            -103f,
            -104f,
            3e38f,
            -3e38f,
            0.84375f,
            0.8437499f,
            4f,
            5f,
            -4f
        };
        for (int i = 0; i < n; i++) {
            x[i] = switch (i % 4) {
                case 0 -> special[i / 4 % special.length];
                case 1 -> (float) random.nextGaussian() * 2;
                case 2 -> random.nextFloat() * 2 - 1;
                default -> (float) Math.scalb(random.nextGaussian(), random.nextInt(-20, 12));
            };
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void functionsAreWithinTwoUlpOfThePlainOnes(UnaryOp op) {
        int n = 10_007;
        float[] x = arguments(n);
        float[] actual = new float[n];
        if (!vectors.unary(op, x, actual, 0, n)) {
            return;
        }
        float[] expected = new float[n];
        FloatUnary.run(op, x, expected, 0, n);
        for (int i = 0; i < n; i++) {
            boolean same = Float.compare(expected[i], actual[i]) == 0
                    || Math.abs((double) expected[i] - actual[i]) <= 2 * Math.ulp(expected[i]);
            int index = i;
            assertTrue(same, () -> op + "(" + x[index] + ") is " + actual[index] + ", not " + expected[index]);
        }
    }

    /// Against the functions in double, over numbers spread evenly over all bit patterns.
    @ParameterizedTest
    @EnumSource
    void functionsAreWithinTwoUlpOfTheTruth(UnaryOp op) {
        int n = 4096;
        float[] x = new float[n];
        float[] actual = new float[n];
        double[] exact = new double[n];
        if (!vectors.unary(op, x, actual, 0, 0)) {
            return;
        }
        int bits = 0;
        for (int block = 0; block < 64; block++) {
            for (int i = 0; i < n; i++) {
                // A step that meets every pattern in the end, and meanwhile lies evenly among them.
                bits += 0x9E3779B1;
                x[i] = Float.intBitsToFloat(bits);
                exact[i] = x[i];
            }
            vectors.unary(op, x, actual, 0, n);
            DoubleUnary.run(op, exact, exact, 0, n);
            for (int i = 0; i < n; i++) {
                float nearest = (float) exact[i];
                boolean close = Float.isFinite(nearest)
                        ? Math.abs(actual[i] - exact[i]) <= 2 * Math.ulp(nearest)
                                && (actual[i] != 0 || nearest != 0 || 1 / actual[i] == 1 / nearest)
                        : Float.compare(actual[i], nearest) == 0;
                int index = i;
                assertTrue(close, () -> op + "(" + x[index] + ") is " + actual[index] + ", not " + exact[index]);
            }
        }
    }

    @Test
    void functionsOfSpecialArguments() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float[] x = {
            0f, -0f, inf, -inf, nan, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 2f
        };
        for (UnaryOp op : UnaryOp.values()) {
            float[] actual = new float[x.length];
            if (vectors.unary(op, x, actual, 0, x.length)) {
                float[] expected = new float[x.length];
                FloatUnary.run(op, x, expected, 0, x.length);
                for (int i = 0; i < x.length; i++) {
                    boolean exact = !Float.isFinite(expected[i]) || expected[i] == 0 || expected[i] == 1 || x[i] == 0;
                    int index = i;
                    assertEquals(
                            expected[i],
                            actual[i],
                            exact ? 0 : 2 * Math.ulp(expected[i]),
                            () -> op + "(" + x[index] + ")");
                    if (expected[i] == 0) {
                        assertEquals(1 / expected[i], 1 / actual[i], () -> "the sign of " + op + "(" + x[index] + ")");
                    }
                }
            }
        }
    }

    @Test
    void aResultMayTakeTheArgumentsPlace() {
        float[] x = arguments(1000);
        for (UnaryOp op : UnaryOp.values()) {
            float[] apart = new float[x.length];
            float[] inPlace = x.clone();
            if (vectors.unary(op, x, apart, 3, 900)) {
                vectors.unary(op, inPlace, inPlace, 3, 900);
                for (int i = 3; i < 900; i++) {
                    assertEquals(apart[i], inPlace[i], op + "(" + x[i] + ")");
                }
            }
        }
    }

    /// The same bits wherever an element lies: in the middle, or in the rest that does not fill a vector.
    @ParameterizedTest
    @EnumSource
    void resultsDoNotDependOnThePlace(UnaryOp op) {
        float[] x = arguments(200);
        float[] whole = new float[200];
        float[] part = new float[200];
        if (!vectors.unary(op, x, whole, 0, 200)) {
            return;
        }
        for (int from = 0; from < 40; from++) {
            vectors.unary(op, x, part, from, from + 7);
            for (int i = from; i < from + 7; i++) {
                assertEquals(Float.floatToIntBits(whole[i]), Float.floatToIntBits(part[i]), op + "(" + x[i] + ")");
            }
        }
    }

    @Test
    void onlyWhatIsAskedForIsWritten() {
        float[] x = arguments(100);
        float[] o = new float[100];
        java.util.Arrays.fill(o, 7);
        assertTrue(!vectors.unary(UnaryOp.EXP, x, o, 13, 50) || (o[12] == 7 && o[50] == 7 && o[49] != 7));
    }

    @Test
    void extremes() {
        float[] x = new float[1000];
        Random random = new Random(2);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int from = 0; from < 5; from++) {
            for (int to = 900; to < 940; to++) {
                float most = Float.NEGATIVE_INFINITY;
                float least = Float.POSITIVE_INFINITY;
                for (int i = from; i < to; i++) {
                    most = Math.max(most, x[i]);
                    least = Math.min(least, x[i]);
                }
                assertEquals(most, vectors.maximum(x, from, to));
                assertEquals(least, vectors.minimum(x, from, to));
            }
        }
        for (int at = 0; at < 200; at += 17) {
            float[] spoilt = x.clone();
            spoilt[at] = Float.NaN;
            assertEquals(Float.NaN, vectors.maximum(spoilt, 0, 201));
            assertEquals(Float.NaN, vectors.minimum(spoilt, 0, 201));
        }
    }

    /// Random numbers.
    private static float[] normal(int n, int seed) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    @Test
    void tilesAreProducts() {
        MicroKernel micro = vectors.micro();
        int depth = 37;
        float[] a = normal(8 * depth + 11, 3);
        for (int rows = 4; rows <= micro.rows(); rows += 4) {
            for (int width = 1; width <= 2; width++) {
                int columns = width * micro.lanes();
                int stride = columns + 3;
                float[] b = normal(depth * (columns + 5) + 7, 4);
                for (boolean add : new boolean[] {false, true}) {
                    for (int aRow : new int[] {1, depth}) {
                        int aColumn = aRow == 1 ? rows : 1;
                        float[] c = new float[rows * stride + 2];
                        java.util.Arrays.fill(c, 7);
                        micro.multiply(rows, width, a, 11, aRow, aColumn, b, 7, columns + 5, depth, c, 2, stride, add);
                        for (int i = 0; i < rows; i++) {
                            for (int j = 0; j < stride; j++) {
                                double sum = add || j >= columns ? 7 : 0;
                                double magnitude = sum;
                                for (int p = 0; j < columns && p < depth; p++) {
                                    double term =
                                            (double) a[11 + i * aRow + p * aColumn] * b[7 + p * (columns + 5) + j];
                                    sum += term;
                                    magnitude += Math.abs(term);
                                }
                                assertEquals(sum, c[2 + i * stride + j], (depth + 1) * 0x1p-24 * magnitude);
                            }
                        }
                        assertEquals(7, c[0]);
                    }
                }
            }
        }
        assertTrue(vectors.shape().contains("floats"));
    }

    /// In either direction, in every way that operands lie, in the loops that begin and those that take over.
    @Test
    void tilesOneAfterAnotherAreTheSameProducts() {
        MicroKernel micro = vectors.micro();
        int depth = 21;
        int times = 3;
        float[] a = normal(times * 8 * depth + 11, 3);
        for (MicroKernel kernel : new MicroKernel[] {micro, new StartingKernel(micro)}) {
            for (int rows = 4; rows <= micro.rows(); rows += 4) {
                for (int width = 1; width <= 2; width++) {
                    int columns = width * micro.lanes();
                    int size = depth * columns;
                    float[] b = normal(times * size + 7, 4);
                    for (int aRow : new int[] {1, depth}) {
                        int aColumn = aRow == 1 ? rows : 1;
                        for (boolean add : new boolean[] {false, true}) {
                            float[] across = normal(rows * times * columns + 2, 5);
                            float[] expected = across.clone();
                            int row = times * columns;
                            for (int i = 0; i < times; i++) {
                                micro.multiply(
                                        rows,
                                        width,
                                        a,
                                        11,
                                        aRow,
                                        aColumn,
                                        b,
                                        7 + i * size,
                                        columns,
                                        depth,
                                        expected,
                                        2 + i * columns,
                                        row,
                                        add);
                            }
                            kernel.multiplyEach(
                                    times, 0, size, columns, rows, width, a, 11, aRow, aColumn, b, 7, columns, depth,
                                    across, 2, row, add);
                            assertArrayEquals(expected, across);

                            float[] down = normal(rows * times * columns + 2, 5);
                            expected = down.clone();
                            for (int i = 0; i < times; i++) {
                                micro.multiply(
                                        rows,
                                        width,
                                        a,
                                        11 + i * rows * depth,
                                        aRow,
                                        aColumn,
                                        b,
                                        7,
                                        columns,
                                        depth,
                                        expected,
                                        2 + i * rows * columns,
                                        columns,
                                        add);
                            }
                            kernel.multiplyEach(
                                    times,
                                    rows * depth,
                                    0,
                                    rows * columns,
                                    rows,
                                    width,
                                    a,
                                    11,
                                    aRow,
                                    aColumn,
                                    b,
                                    7,
                                    columns,
                                    depth,
                                    down,
                                    2,
                                    columns,
                                    add);
                            assertArrayEquals(expected, down);
                        }
                    }
                }
            }
        }
    }

    /// With a packed right operand there are loops of their own.
    @Test
    void tilesOfPackedOperandsAreTheSameProducts() {
        MicroKernel micro = vectors.micro();
        int rows = micro.rows();
        int wide = 2 * micro.lanes();
        for (int depth : new int[] {1, 4, 37, 64}) {
            float[] a = normal(rows * depth + 3, 3);
            float[] b = normal(wide * depth, 4);
            float[] columns = new float[rows * depth];
            micro.transpose(a, 3, depth, rows, depth, columns, 0, rows);
            float[] strided = new float[(wide + 1) * depth];
            micro.gather(b, 0, wide, wide, depth, strided, 0, wide + 1);
            float[] expected = normal(rows * wide, 5);
            float[] lines = expected.clone();
            float[] packed = expected.clone();
            micro.multiply(rows, 2, a, 3, depth, 1, strided, 0, wide + 1, depth, expected, 0, wide, true);
            micro.multiply(rows, 2, a, 3, depth, 1, b, 0, wide, depth, lines, 0, wide, true);
            micro.multiply(rows, 2, columns, 0, 1, rows, b, 0, wide, depth, packed, 0, wide, true);
            assertArrayEquals(expected, lines);
            assertArrayEquals(expected, packed);

            int lanes = micro.lanes();
            float[] widened = new float[(lanes + 1) * depth];
            micro.gather(b, 0, lanes, lanes, depth, widened, 0, lanes + 1);
            for (boolean add : new boolean[] {false, true}) {
                float[] narrow = expected.clone();
                micro.multiply(rows, 1, a, 3, depth, 1, widened, 0, lanes + 1, depth, expected, 0, lanes, add);
                micro.multiply(rows, 1, a, 3, depth, 1, b, 0, lanes, depth, narrow, 0, lanes, add);
                assertArrayEquals(expected, narrow);
            }
        }
    }

    private static Extent measured(RowLoops loops, float[] x, int at, int n) {
        Extent extent = new Extent();
        loops.measure(x, at, n, extent);
        return extent;
    }

    /// A row's exponentials do not depend on whether the row after it is read meanwhile, and that is measured.
    @Test
    void readingAheadFindsTheLargestElement() {
        for (RowLoops loops : new RowLoops[] {new RowLoops(), vectors.rows()}) {
            for (int n : new int[] {1, 7, 64, 1000}) {
                for (float special : new float[] {0, -1000, Float.NEGATIVE_INFINITY}) {
                    int room = loops.room(n);
                    float[] x = normal(2 * room, 6);
                    x[n / 2] = special;
                    x[room + n / 2] = special;
                    Extent extent = measured(loops, x, 0, n);
                    float[] alone = new float[room];
                    float sum = loops.exponentials(x, 0, alone, 0, n, extent);
                    Extent next = measured(loops, x, room, n);
                    float[] meanwhile = new float[room];
                    assertEquals(sum, loops.exponentials(x, 0, meanwhile, 0, n, extent, room));
                    assertArrayEquals(alone, meanwhile);
                    assertEquals(next.largest(), extent.largest());
                    assertEquals(next.isNear(), extent.isNear());
                }
            }
        }
    }

    /// Whatever signs a row's elements have, the largest is found, and a row that reaches far is not taken for one that does not.
    @Test
    void rowsOfAllSignsAreMeasured() {
        RowLoops loops = vectors.rows();
        float[][] offsets = {
            {0}, {50}, {-50}, {0, 50}, {0, -50}, {-3, 3}, {0, -100}, {0, 100}, {0, Float.NEGATIVE_INFINITY}
        };
        for (int n : new int[] {1, 7, 64, 1000}) {
            for (float[] some : offsets) {
                float[] x = normal(loops.room(n), 9);
                float largest = Float.NEGATIVE_INFINITY;
                float least = Float.POSITIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    x[i] += some[i % some.length];
                    largest = Math.max(largest, x[i]);
                    least = Math.min(least, x[i]);
                }
                Extent extent = measured(loops, x, 0, n);
                assertEquals(largest, extent.largest());
                assertEquals(least - largest > -87, extent.isNear());
            }
        }
        float[] zeros = {-0f, 0f, -0f};
        assertEquals(
                0f, measured(loops, Arrays.copyOf(zeros, loops.room(3)), 0, 3).largest());
        float[] large = new float[loops.room(1)];
        large[0] = 100;
        assertEquals(100, measured(loops, large, 0, 1).largest());
    }

    /// Of rows without a very small number the exponentials are computed in fewer steps: to the same bits.
    @Test
    void exponentialsDoNotDependOnHowFarTheRowReaches() {
        RowLoops loops = vectors.rows();
        int n = 2 * loops.room(500);
        float[] x = new float[n];
        for (int i = 0; i < n - 1; i++) {
            x[i] = 5 - 87.336f * i / n;
        }
        x[n - 2] = 5 - 87.33654f;
        x[n - 1] = 5;
        float[] far = x.clone();
        far[n - 1] = -1000;
        Extent near = measured(loops, x, 0, n);
        Extent other = measured(loops, far, 0, n);
        assertTrue(near.isNear() && !other.isNear());
        float[] expected = new float[n];
        float[] o = new float[n];
        loops.exponentials(far, 0, expected, 0, n, other);
        loops.exponentials(x, 0, o, 0, n, near);
        assertEquals(0, expected[n - 1]);
        o[n - 1] = 0;
        assertArrayEquals(expected, o);
    }

    /// A softmax with NaN among its elements is NaN, wherever the row lies, whatever the bits of the NaN are and whatever else is there.
    @ParameterizedTest
    @ValueSource(floats = {0, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void notANumberIsNotLostAhead(float other) {
        for (RowLoops loops : new RowLoops[] {new RowLoops(), vectors.rows()}) {
            int n = 2 * loops.room(40);
            for (int bits : new int[] {0x7FC00000, 0xFFC00000, 0x7FC00001, 0xFFFFFFFF}) {
                for (int at : new int[] {0, n / 2, n - 1}) {
                    float[] x = normal(2 * n, 8);
                    Arrays.fill(x, n, 2 * n, other);
                    x[n + at] = Float.intBitsToFloat(bits);
                    assertEquals(Float.NaN, measured(loops, x, n, n).largest());
                    Extent extent = measured(loops, x, 0, n);
                    float[] o = new float[n];
                    assertTrue(loops.exponentials(x, 0, o, 0, n, extent, n) > 0);
                    assertEquals(Float.NaN, loops.exponentials(x, n, o, 0, n, extent));
                    assertEquals(Float.NaN, loops.exponentials(x, n, o, 0, n, measured(loops, x, n, n)));
                }
            }
        }
    }

    @Test
    void operandsArePackedWhereTheyBelong() {
        MicroKernel micro = vectors.micro();
        for (int lines : new int[] {1, 7, 8, 19}) {
            for (int depth : new int[] {1, 8, 21}) {
                float[] a = normal(lines * (depth + 2) + 1, depth);
                float[] to = new float[depth * (lines + 3) + 2];
                micro.transpose(a, 1, depth + 2, lines, depth, to, 2, lines + 3);
                for (int r = 0; r < lines; r++) {
                    for (int p = 0; p < depth; p++) {
                        assertEquals(a[1 + r * (depth + 2) + p], to[2 + p * (lines + 3) + r]);
                    }
                }
            }
        }
        for (int strips = 1; strips <= 4; strips++) {
            for (int depth : new int[] {3, 8}) {
                float[] a = normal(depth * 40 + 1, strips);
                float[] to = new float[strips * depth * 8 + 3];
                micro.gatherStrips(a, 1, 40, strips, depth, to, 3);
                for (int i = 0; i < strips * depth * 8; i++) {
                    assertEquals(a[1 + i / 8 % depth * 40 + i / 8 / depth * 8 + i % 8], to[i + 3]);
                }
            }
        }
    }

    @Test
    void vectorsAreMultipliedByRowsAndByColumns() {
        MicroKernel micro = vectors.micro();
        for (int n : new int[] {1, 5, 16, 31, 32, 100, 259}) {
            for (int count : new int[] {1, 3, 4, 8, 11, 17}) {
                int row = n + 2;
                float[] a = normal(count * row + 5, n);
                float[] x = normal(Math.max(n, count), count);
                float[] dots = new float[count + 2];
                float[] added = new float[count];
                java.util.Arrays.fill(added, 1);
                float[] sweep = new float[n + 1];
                java.util.Arrays.fill(sweep, 1);
                micro.dots(a, 5, row, count, x, n, dots, 1, false);
                micro.dots(a, 5, row, count, x, n, added, 0, true);
                micro.sweep(a, 5, row, count, x, sweep, 1, n);
                for (int i = 0; i < count; i++) {
                    double sum = 0;
                    double magnitude = 0;
                    for (int j = 0; j < n; j++) {
                        sum += (double) a[5 + i * row + j] * x[j];
                        magnitude += Math.abs((double) a[5 + i * row + j] * x[j]);
                    }
                    assertEquals(sum, dots[1 + i], (n + 1) * 0x1p-24 * magnitude);
                    assertEquals(sum + 1, added[i], (n + 2) * 0x1p-24 * (magnitude + 1));
                }
                for (int j = 0; j < n; j++) {
                    double sum = 1;
                    double magnitude = 1;
                    for (int i = 0; i < count; i++) {
                        sum += (double) a[5 + i * row + j] * x[i];
                        magnitude += Math.abs((double) a[5 + i * row + j] * x[i]);
                    }
                    assertEquals(sum, sweep[1 + j], (count + 1) * 0x1p-24 * magnitude);
                }
                assertEquals(0, dots[0] + dots[count + 1]);
                assertEquals(1, sweep[0]);
            }
        }
    }

    @Test
    void bfloat16IsTheSame() {
        int n = VectorSupport.SHORTEST + 5;
        BrainFloats plain = new BrainFloats();
        BrainFloats fast = vectors.brainFloats();
        short[] stored = new short[1 << 16];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (short) i;
        }
        for (int at = 0; at + n <= stored.length; at += n - 1) {
            float[] expected = new float[n];
            float[] actual = new float[n];
            plain.widen(stored, at, expected, n);
            fast.widen(stored, at, actual, n);
            assertSameBits(expected, actual);
        }

        float[] x = arguments(64 * n);
        Random random = new Random(3);
        for (int i = 0; i < x.length; i += 3) {
            // Halfway between two, and NaNs of all payloads.
            x[i] = Float.intBitsToFloat(random.nextInt() & 0xFFFF0000 | 0x8000);
            x[i + 1] = Float.intBitsToFloat(random.nextInt() | 0x7F800000);
        }
        for (int part = 0; part < 64; part++) {
            float[] a = Arrays.copyOfRange(x, part * n, (part + 1) * n);
            short[] expected = new short[n + 3];
            short[] actual = new short[n + 3];
            plain.narrow(a, expected, 2, n);
            fast.narrow(a, actual, 2, n);
            assertArrayEquals(expected, actual);
            float[] rounded = a.clone();
            plain.round(a, 1, n);
            fast.round(rounded, 1, n);
            assertSameBits(a, rounded);
        }
    }

    private static void assertSameBits(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]));
        }
    }
}
