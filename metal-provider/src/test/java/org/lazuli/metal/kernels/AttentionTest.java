package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Accelerated.Attention;
import org.lazuli.spi.TensorSpec;

/// Against the definition in float64, within bounds that follow from computing in float32.
class AttentionTest {
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    /// Which keys and values a query meets.
    private record Sizes(int batches, int heads, int group, int queries, int keys, int size, int valueSize) {
        Shape q() {
            return Shape.of(batches, heads, queries, size);
        }

        Shape k() {
            return Shape.of(batches, heads / group, keys, size);
        }

        Shape v() {
            return Shape.of(batches, heads / group, keys, valueSize);
        }

        Shape scores() {
            return Shape.of(batches, heads, queries, keys);
        }

        Shape result() {
            return Shape.of(batches, heads, queries, valueSize);
        }
    }

    private static double lowest(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> -65504;
            case BFLOAT16 -> -0x1.FEp127;
            default -> -Float.MAX_VALUE;
        };
    }

    /// A random operand whose scores stay moderate.
    private static Placed random(DType dtype, Shape shape, long seed) {
        Random random = new Random(seed);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Placed.of(dtype, shape, values);
    }

    private static void check(Attention attention, Sizes s, Placed q, Placed k, Placed v, @Nullable Placed mask) {
        DType dtype = q.spec().dtype();
        Placed[] operands = mask == null ? new Placed[] {q, k, v} : new Placed[] {q, k, v, mask};
        assertTrue(BENCH.get().metal.supports(attention, MetalBench.specs(operands)));
        double[] actual =
                Placed.decode(dtype, BENCH.get().onMetal(attention, new TensorSpec(dtype, s.result()), operands));
        double[] queries = Exact.values(q);
        double[] keys = Exact.values(k);
        double[] values = Exact.values(v);
        double[] shown = mask == null ? new double[0] : Exact.values(mask);
        double[] scores = new double[s.keys()];
        double[] errors = new double[s.keys()];
        for (int row = 0; row < s.batches() * s.heads() * s.queries(); row++) {
            int query = row % s.queries();
            int head = row / s.queries() % s.heads();
            int shared = row / s.queries() / s.heads() * (s.heads() / s.group()) + head / s.group();
            for (int key = 0; key < s.keys(); key++) {
                double sum = 0;
                double magnitude = 0;
                for (int e = 0; e < s.size(); e++) {
                    double product = queries[row * s.size() + e] * keys[(shared * s.keys() + key) * s.size() + e];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                double score = sum * attention.scale();
                // The products' sum, its scaling, and adding the mask.
                errors[key] = Exact.SUMS * (s.size() + 2) * magnitude * attention.scale();
                int at = row * s.keys() + key;
                if (mask != null && mask.spec().dtype() == DType.BOOL) {
                    score = shown[at] == 0 ? lowest(dtype) : score;
                } else if (mask != null) {
                    score += shown[at];
                    errors[key] += Exact.SUMS * Math.abs(score);
                }
                if (attention.causal() && key > query + s.keys() - s.queries()) {
                    score = lowest(dtype);
                }
                scores[key] = score;
            }
            checkRow(dtype, s, row, scores, errors, values, shared, actual);
        }
    }

    private static void checkRow(
            DType dtype,
            Sizes s,
            int row,
            double[] scores,
            double[] errors,
            double[] values,
            int shared,
            double[] actual) {
        double highest = Double.NEGATIVE_INFINITY;
        double error = 0;
        for (int key = 0; key < s.keys(); key++) {
            highest = Math.max(highest, scores[key]);
        }
        double total = 0;
        double[] weights = new double[s.keys()];
        for (int key = 0; key < s.keys(); key++) {
            weights[key] = Math.exp(scores[key] - highest);
            total += weights[key];
            // exp turns an absolute error of its argument, the difference's rounding included, into a relative one, and
            // adds 4 ulp of its own. Scores that
            // weigh nothing do not count.
            if (weights[key] > 0) {
                error = Math.max(error, errors[key] + Exact.SUMS * (Math.abs(scores[key] - highest) + 8));
            }
        }
        // A weight's error is at most doubled by the maximum's, and again by the total's; each running sum is rescaled
        // at most once a key.
        double relative = 4 * error + Exact.SUMS * (6 * s.keys() + 8);
        for (int e = 0; e < s.valueSize(); e++) {
            double sum = 0;
            double magnitude = 0;
            for (int key = 0; key < s.keys(); key++) {
                double product = weights[key] / total * values[(shared * s.keys() + key) * s.valueSize() + e];
                sum += product;
                magnitude += Math.abs(product);
            }
            double bound = relative * magnitude
                    + 1.001 * Exact.unit(dtype) * (Math.abs(sum) + relative * magnitude)
                    + MetalBench.unit(dtype, 0);
            double got = actual[row * s.valueSize() + e];
            assertEquals(sum, got, bound, dtype + " " + s + " at " + row + "," + e);
        }
    }

    private static Placed booleans(Shape shape, long seed, boolean hidden) {
        Random random = new Random(seed);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            // Now and then a whole row sees nothing.
            boolean none = hidden && i / shape.dim(3) % 3 == 0;
            values[i] = !none && random.nextBoolean() ? 1 : 0;
        }
        return Placed.of(DType.BOOL, shape, values);
    }

    @Property(tries = 50)
    void anySize(
            @ForAll @IntRange(min = 1, max = 40) int queries,
            @ForAll @IntRange(min = 1, max = 70) int keys,
            @ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 40) int valueSize,
            @ForAll @IntRange(max = 2) int type,
            @ForAll @IntRange(max = 2) int masked,
            @ForAll boolean causal,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll long seed) {
        DType dtype = TYPES.get(type);
        Random random = new Random(seed);
        int group = random.nextInt(1, 4);
        Sizes s = new Sizes(random.nextInt(1, 3), group * random.nextInt(1, 3), group, queries, keys, size, valueSize);
        Placed mask = switch (masked) {
            case 0 -> null;
            case 1 -> booleans(s.scores(), seed, true).layouts().get(layout);
            default -> random(dtype, s.scores(), seed).layouts().get(layout);
        };
        check(
                new Attention((float) (1 / Math.sqrt(size)), causal && mask == null),
                s,
                random(dtype, s.q(), seed + 1).layouts().get(layout),
                random(dtype, s.k(), seed + 2).layouts().get((layout + 1) % 5),
                random(dtype, s.v(), seed + 3).layouts().get((layout + 2) % 5),
                mask);
    }

    /// One mask for all heads, and one row for all queries: broadcast axes have stride 0.
    @Example
    void broadcastMasks() {
        for (int queries : new int[] {3, 33}) {
            Sizes s = new Sizes(2, 2, 1, queries, 40, 16, 16);
            for (int axis = 0; axis < 3; axis++) {
                for (int kind = 0; kind < 2; kind++) {
                    Placed mask = (kind == 0 ? booleans(s.scores(), 1, false) : random(DType.FLOAT32, s.scores(), 1))
                            .repeated(axis);
                    check(
                            new Attention(0.25f, false),
                            s,
                            random(DType.FLOAT32, s.q(), 2),
                            random(DType.FLOAT32, s.k(), 3),
                            random(DType.FLOAT32, s.v(), 4),
                            mask);
                }
            }
        }
    }

    /// More queries than keys: the first ones see nothing and get the mean of all values.
    @Example
    void causalWithFewKeys() {
        for (DType dtype : TYPES) {
            for (int queries : new int[] {7, 70}) {
                Sizes s = new Sizes(1, 1, 1, queries, 5, 8, 8);
                check(
                        new Attention(0.5f, true),
                        s,
                        random(dtype, s.q(), 1),
                        random(dtype, s.k(), 2),
                        random(dtype, s.v(), 3),
                        null);
            }
        }
    }

    /// Sizes that are held in all the registers there are, and those beyond.
    @Example
    void largeSizes() {
        for (int queries : new int[] {2, 34}) {
            for (int size : new int[] {128, 200, 256}) {
                Sizes s = new Sizes(1, 2, 2, queries, 50, size, size - 1);
                check(
                        new Attention(0.08f, true),
                        s,
                        random(DType.FLOAT16, s.q(), 1),
                        random(DType.FLOAT16, s.k(), 2),
                        random(DType.FLOAT16, s.v(), 3),
                        null);
            }
        }
        Sizes tooLarge = new Sizes(1, 1, 1, 1, 1, 257, 8);
        assertFalse(BENCH.get()
                .metal
                .supports(
                        new Attention(1, false),
                        List.of(
                                new TensorSpec(DType.FLOAT32, tooLarge.q()),
                                new TensorSpec(DType.FLOAT32, tooLarge.k()),
                                new TensorSpec(DType.FLOAT32, tooLarge.v()))));
    }

    /// Scores of very different size, ascending and descending: the running maximum moves, or stays at the first key.
    @Example
    void maximaThatMove() {
        for (int queries : new int[] {1, 20}) {
            for (int sign = -1; sign <= 1; sign += 2) {
                Sizes s = new Sizes(1, 1, 1, queries, 100, 1, 3);
                double[] q = new double[queries];
                java.util.Arrays.fill(q, sign);
                double[] k = new double[100];
                for (int i = 0; i < 100; i++) {
                    k[i] = 3 * i;
                }
                check(
                        new Attention(1, false),
                        s,
                        Placed.of(DType.FLOAT32, s.q(), q),
                        Placed.of(DType.FLOAT32, s.k(), k),
                        random(DType.FLOAT32, s.v(), 3),
                        null);
            }
        }
    }

    /// An added -infinity hides a key; where it hides all, there is nothing to divide by.
    @Example
    void infiniteMasks() {
        for (int queries : new int[] {2, 20}) {
            Sizes s = new Sizes(1, 1, 1, queries, 40, 4, 4);
            double[] mask = new double[s.scores().size()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = i % 40 < 35 || i / 40 == 1 ? Double.NEGATIVE_INFINITY : 0;
            }
            double[] y = Placed.decode(
                    DType.FLOAT32,
                    BENCH.get()
                            .onMetal(
                                    new Attention(0.5f, false),
                                    new TensorSpec(DType.FLOAT32, s.result()),
                                    random(DType.FLOAT32, s.q(), 1),
                                    random(DType.FLOAT32, s.k(), 2),
                                    random(DType.FLOAT32, s.v(), 3),
                                    Placed.of(DType.FLOAT32, s.scores(), mask)));
            for (int i = 0; i < y.length; i++) {
                assertEquals(i / 4 == 1, Double.isNaN(y[i]), "at " + i);
            }
        }
    }

    /// NaN in one query reaches that query alone.
    @Example
    void aNaNStaysInItsRow() {
        for (int queries : new int[] {4, 40}) {
            Sizes s = new Sizes(1, 1, 1, queries, 40, 4, 4);
            double[] q = new double[queries * 4];
            java.util.Arrays.fill(q, 1);
            q[2 * 4 + 1] = Double.NaN;
            double[] y = Placed.decode(
                    DType.FLOAT32,
                    BENCH.get()
                            .onMetal(
                                    new Attention(0.5f, false),
                                    new TensorSpec(DType.FLOAT32, s.result()),
                                    Placed.of(DType.FLOAT32, s.q(), q),
                                    random(DType.FLOAT32, s.k(), 2),
                                    random(DType.FLOAT32, s.v(), 3)));
            for (int i = 0; i < y.length; i++) {
                assertEquals(i / 4 == 2, Double.isNaN(y[i]), "at " + i);
            }
        }
    }

    @Example
    void noKeysGiveZeros() {
        for (int queries : new int[] {2, 20}) {
            Sizes s = new Sizes(1, 2, 1, queries, 0, 4, 5);
            byte[] bytes = BENCH.get()
                    .onMetal(
                            new Attention(1, false),
                            new TensorSpec(DType.FLOAT32, s.result()),
                            random(DType.FLOAT32, s.q(), 1),
                            Exact.random(DType.FLOAT32, s.k(), 2),
                            Exact.random(DType.FLOAT32, s.v(), 3));
            for (double value : Placed.decode(DType.FLOAT32, bytes)) {
                assertEquals(0, value);
            }
        }
    }
}
