package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Accelerated.LayerNorm;
import org.lazuli.spi.Accelerated.LogSumExp;
import org.lazuli.spi.Accelerated.RmsNorm;
import org.lazuli.spi.Accelerated.Softmax;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// Softmax, logarithms of sums and norms against their definitions in float64.
class RowTest {
    private static final int[] WIDTHS = {1, 2, 31, 32, 33, 64, 255, 256, 257, 512, 1000, 4096, 4097, 5000};

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static Shape shape(int width, Random random) {
        int room = Math.max(1, 20_000 / width);
        int rows = 1 + random.nextInt(Math.min(room, 20));
        return random.nextBoolean() ? Shape.of(rows, width) : Shape.of(2, rows, width);
    }

    private static double[] row(double[] values, int row, int width) {
        return Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }

    private interface Definition {
        /// What the elements of a row become, and how far off each may be before it is rounded to the dtype.
        void apply(double[] row, double[] result, double[] allowed);
    }

    private static void check(Kernel kernel, int results, Definition definition, Placed... inputs) {
        Placed x = inputs[0];
        DType dtype = x.spec().dtype();
        Shape shape = x.spec().shape();
        int width = shape.dim(shape.rank() - 1);
        assertTrue(BENCH.get().metal.supports(kernel, MetalBench.specs(inputs)), () -> kernel + " is not supported");
        TensorSpec spec = new TensorSpec(dtype, shape.with(-1, results));
        double[] actual = Placed.decode(dtype, BENCH.get().onMetal(kernel, spec, inputs));
        double[] values = Exact.values(x);
        double[] expected = new double[results];
        double[] allowed = new double[results];
        for (int row = 0; row < values.length / width; row++) {
            definition.apply(row(values, row, width), expected, allowed);
            for (int i = 0; i < results; i++) {
                double got = actual[row * results + i];
                double bound = allowed[i]
                        + 1.001 * Exact.unit(dtype) * (Math.abs(expected[i]) + allowed[i])
                        + MetalBench.unit(dtype, 0);
                String where = kernel + " of " + x.spec() + x.strides() + " at row " + row + ", element " + i + " is "
                        + got + ", not " + expected[i] + ": allowed " + bound;
                assertTrue(
                        Double.isFinite(expected[i])
                                ? Math.abs(got - expected[i]) <= bound
                                : Double.compare(got, expected[i]) == 0,
                        where);
            }
        }
    }

    /// In float32 an exponential is off by its exponent's error and by 4 ulp that Metal's may be; sums of positive numbers by a rounding for
    /// each of `chain` additions, relative to themselves.
    private static int chain(int width) {
        return 5 + 8 + Math.ceilDiv(width, 32);
    }

    private static void softmax(double[] row, double[] result, double[] allowed) {
        double highest = Arrays.stream(row).max().orElseThrow();
        double sum = 0;
        for (double x : row) {
            sum += Math.exp(x - highest);
        }
        for (int i = 0; i < row.length; i++) {
            result[i] = Math.exp(row[i] - highest) / sum;
            // The exponent is rounded once, and so are those of the sum, each weighted by its exponential: below 1 in
            // all.
            double relative = Math.abs(row[i] - highest) + 8 + 2 * chain(row.length) + 1;
            allowed[i] = relative * Exact.SUMS * result[i];
        }
    }

    private static void logSumExp(double[] row, double[] result, double[] allowed) {
        double highest = Arrays.stream(row).max().orElseThrow();
        double sum = 0;
        for (double x : row) {
            sum += Double.isInfinite(highest) ? 0 : Math.exp(x - highest);
        }
        result[0] = Double.isInfinite(highest) ? highest : highest + Math.log(sum);
        // The sum's relative error is the logarithm's absolute one; every merge may round an exponential and a product
        // again.
        allowed[0] = Exact.SUMS * (12.0 * chain(row.length) + 4 * Math.abs(Math.log(sum)) + Math.abs(highest));
    }

    private static Definition layerNorm(double eps, double[] weight, double[] bias) {
        return (row, result, allowed) -> {
            double mean = Arrays.stream(row).average().orElseThrow();
            double magnitude = Arrays.stream(row).map(Math::abs).average().orElseThrow();
            double variance = Arrays.stream(row)
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            double scale = 1 / Math.sqrt(variance + eps);
            double off = (chain(row.length) + 2) * Exact.SUMS * magnitude;
            for (int i = 0; i < row.length; i++) {
                double centered = row[i] - mean;
                result[i] = centered * scale * weight[i] + bias[i];
                // The mean's error shifts every element; the squares' enters the scale by half of its relative size.
                double shift = off + Exact.SUMS * Math.abs(centered);
                double spread = (chain(row.length) + 4.0) / 2 * Exact.SUMS
                        + off * off * scale * scale
                        + 2 * Exact.SUMS * magnitude * scale;
                allowed[i] = Math.abs(weight[i]) * scale * (shift + Math.abs(centered) * (spread + 4 * Exact.SUMS))
                        + 2 * Exact.SUMS * (Math.abs(result[i]) + Math.abs(bias[i]));
            }
        };
    }

    private static Definition rmsNorm(double eps, double[] weight) {
        return (row, result, allowed) -> {
            double square = Arrays.stream(row).map(x -> x * x).average().orElseThrow();
            double scale = 1 / Math.sqrt(square + eps);
            for (int i = 0; i < row.length; i++) {
                result[i] = row[i] * scale * weight[i];
                allowed[i] = ((chain(row.length) + 4.0) / 2 + 5) * Exact.SUMS * Math.abs(result[i]);
            }
        };
    }

    private static double[] ones(int n, double value) {
        double[] ones = new double[n];
        Arrays.fill(ones, value);
        return ones;
    }

    @Property(tries = 120)
    void exponentials(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.FLOATS.get(random.nextInt(3));
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        Placed x = Operands.random(dtype, shape(width, random), false, random);
        if (random.nextBoolean()) {
            check(new Softmax(), width, RowTest::softmax, x);
        } else {
            check(new LogSumExp(), 1, RowTest::logSumExp, x);
        }
    }

    @Property(tries = 120)
    void norms(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.FLOATS.get(random.nextInt(3));
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        float eps = 1e-3f;
        Placed x = Operands.random(dtype, shape(width, random), false, random);
        Placed weight = Operands.random(dtype, Shape.of(width), false, random);
        Placed bias = Operands.random(dtype, Shape.of(width), false, random);
        switch (random.nextInt(6)) {
            case 0 -> check(new RmsNorm(eps, false), width, rmsNorm(eps, ones(width, 1)), x);
            case 1 -> check(new RmsNorm(eps, true), width, rmsNorm(eps, Exact.values(weight)), x, weight);
            case 2 -> check(new LayerNorm(eps, false, false), width, layerNorm(eps, ones(width, 1), ones(width, 0)), x);
            case 3 ->
                check(
                        new LayerNorm(eps, true, false),
                        width,
                        layerNorm(eps, Exact.values(weight), ones(width, 0)),
                        x,
                        weight);
            case 4 ->
                check(
                        new LayerNorm(eps, false, true),
                        width,
                        layerNorm(eps, ones(width, 1), Exact.values(bias)),
                        x,
                        bias);
            default ->
                check(
                        new LayerNorm(eps, true, true),
                        width,
                        layerNorm(eps, Exact.values(weight), Exact.values(bias)),
                        x,
                        weight,
                        bias);
        }
    }

    /// An infinity that is the largest leaves no numbers, nor does NaN; infinities below weigh nothing.
    @Example
    void specialRows() {
        double inf = Double.POSITIVE_INFINITY;
        for (DType dtype : Operands.FLOATS) {
            for (int width : new int[] {3, 300, 4500}) {
                double[] values = new double[6 * width];
                Random random = new Random(1);
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextInt(5);
                }
                values[width + 1] = inf;
                values[2 * width + 2] = -inf;
                values[3 * width + 2] = Double.NaN;
                Arrays.fill(values, 4 * width, 5 * width, -inf);
                Arrays.fill(values, 5 * width, 6 * width, 60_000);
                Placed x = Placed.of(dtype, Shape.of(6, width), values);
                double[] softmax = Placed.decode(dtype, BENCH.get().onMetal(new Softmax(), x.spec(), x));
                double[] logs = Placed.decode(
                        dtype, BENCH.get().onMetal(new LogSumExp(), new TensorSpec(dtype, Shape.of(6, 1)), x));
                for (int row = 0; row < 6; row++) {
                    boolean numbers = row == 0 || row == 2 || row == 5;
                    for (double value : row(softmax, row, width)) {
                        assertTrue(numbers == Double.isFinite(value), "row " + row + " has " + value);
                    }
                }
                assertTrue(softmax[2 * width + 2] == 0, "-infinity weighs nothing");
                assertTrue(logs[1] == inf && Double.isNaN(logs[3]) && logs[4] == -inf, () -> Arrays.toString(logs));
                assertTrue(Math.abs(logs[5] - 60_000) <= 300, () -> "overflow: " + logs[5]);
            }
        }
    }

    /// A row far from zero keeps its spread: squares of what is left of the mean, not squares less the mean's.
    @Example
    void layerNormFarFromZero() {
        for (int width : new int[] {64, 1000, 6000}) {
            double[] values = new double[width];
            for (int i = 0; i < width; i++) {
                values[i] = 10_000 + (i % 2 == 0 ? 1 : -1);
            }
            Placed x = Placed.of(DType.FLOAT32, Shape.of(1, width), values);
            double[] got =
                    Placed.decode(DType.FLOAT32, BENCH.get().onMetal(new LayerNorm(0, false, false), x.spec(), x));
            for (int i = 0; i < width; i++) {
                int at = i;
                assertTrue(Math.abs(got[i] - (i % 2 == 0 ? 1 : -1)) < 0.02, () -> width + ": " + got[at]);
            }
        }
    }

    @Example
    void whatFallsBack() {
        TensorSpec wide = new TensorSpec(DType.FLOAT64, Shape.of(3));
        assertFalse(BENCH.get().metal.supports(new Softmax(), List.of(wide)));
        assertFalse(BENCH.get().metal.supports(new LogSumExp(), List.of(wide)));
    }
}
