package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Tensor;

class ReductionTest {
    private static final List<Ints> AXES = List.of(
            Ints.of(0),
            Ints.of(1),
            Ints.of(2),
            Ints.of(0, 1),
            Ints.of(1, 2),
            Ints.of(2, 0),
            Ints.of(0, 1, 2),
            Ints.of());

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Shape reduced(Shape shape, Ints axes) {
        Shape result = shape;
        for (int i = 0; i < axes.size(); i++) {
            result = result.with(axes.get(i), 1);
        }
        return result;
    }

    /// For each element of the operand, the number of the result it goes into.
    private static int[] targets(Shape shape, Ints axes) {
        int[] strides = Tensor.rowMajor(reduced(shape, axes)).toArray();
        int[] targets = new int[shape.size()];
        for (int i = 0; i < targets.length; i++) {
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                if (!axes.contains(axis)) {
                    targets[i] += rest % shape.dim(axis) * strides[axis];
                }
                rest /= shape.dim(axis);
            }
        }
        return targets;
    }

    private static double combine(ReduceOp op, double a, double b) {
        return switch (op) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : a > b ? a : b;
            case MIN -> Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : a < b ? a : b;
        };
    }

    private static double neutral(ReduceOp op) {
        return switch (op) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    @ParameterizedTest
    @EnumSource
    void reals(ReduceOp op) {
        Shape shape = Shape.of(3, 4, 5);
        for (DType dtype : DType.values()) {
            if (!dtype.isFloating()) {
                continue;
            }
            double[] x = Samples.of(dtype, 60, false, 1);
            for (Ints axes : AXES) {
                Shape result = reduced(shape, axes);
                int[] targets = targets(shape, axes);
                double[] expected = new double[result.size()];
                Arrays.fill(expected, neutral(op));
                for (int i = 0; i < 60; i++) {
                    expected[targets[i]] = combine(op, expected[targets[i]], x[i]);
                }
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    double[] actual = bench.values(bench.run(new Primitive.Reduce(op, axes), dtype, result, input));
                    for (int i = 0; i < expected.length; i++) {
                        // Both sides round: a little more than half a unit of the dtype.
                        double unit = dtype == DType.FLOAT16 ? 0x1p-10 : dtype == DType.BFLOAT16 ? 0x1p-7 : 0x1p-22;
                        double rounded = Workbench.rounded(dtype, expected[i]);
                        double tolerance = unit * Math.max(Math.abs(expected[i]), 0x1p-14);
                        assertEquals(rounded, actual[i], tolerance, dtype + " " + op + axes);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void integersWrap(ReduceOp op) {
        Shape shape = Shape.of(3, 4, 5);
        for (DType dtype : DType.values()) {
            if (dtype.isInexact()) {
                continue;
            }
            BigInteger[] x = Samples.integers(dtype, 60, 2);
            Tensor input = bench.longs(dtype, shape, Samples.bits(x));
            for (Ints axes : AXES) {
                Shape result = reduced(shape, axes);
                int[] targets = targets(shape, axes);
                BigInteger[] expected = new BigInteger[result.size()];
                for (int i = 0; i < 60; i++) {
                    BigInteger before = expected[targets[i]];
                    expected[targets[i]] = before == null
                            ? x[i]
                            : switch (op) {
                                case SUM -> before.add(x[i]);
                                case PROD -> before.multiply(x[i]);
                                case MAX -> before.max(x[i]);
                                case MIN -> before.min(x[i]);
                            };
                }
                long[] actual = bench.bits(bench.run(new Primitive.Reduce(op, axes), dtype, result, input));
                for (int i = 0; i < actual.length; i++) {
                    assertEquals(
                            Samples.wrap(expected[i], dtype),
                            Samples.integer(dtype, actual[i]),
                            dtype + " " + op + axes);
                }
            }
        }
    }

    @Test
    void complex() {
        Shape shape = Shape.of(2, 3);
        double[] z = {1, 2, 3, -1, 0.5, 0, 1, 3, -2, 1, 0, 1};
        for (Tensor input : bench.layouts(DType.COMPLEX64, shape, z)) {
            assertArrayEquals(
                    new double[] {4.5, 1, -1, 5},
                    reduce(ReduceOp.SUM, DType.COMPLEX64, Ints.of(1), Shape.of(2, 1), input));
            assertArrayEquals(
                    new double[] {2.5, 2.5, 5, -5},
                    reduce(ReduceOp.PROD, DType.COMPLEX64, Ints.of(1), Shape.of(2, 1), input));
            assertArrayEquals(
                    new double[] {1, 3, 3, -1, 0.5, 0},
                    reduce(ReduceOp.MAX, DType.COMPLEX64, Ints.of(0), Shape.of(1, 3), input));
            assertArrayEquals(
                    new double[] {1, 2, -2, 1, 0, 1},
                    reduce(ReduceOp.MIN, DType.COMPLEX64, Ints.of(0), Shape.of(1, 3), input));
        }
    }

    private double[] reduce(ReduceOp op, DType dtype, Ints axes, Shape shape, Tensor input) {
        return bench.values(bench.run(new Primitive.Reduce(op, axes), dtype, shape, input));
    }

    @Test
    void nothingReducesToTheNeutralElement() {
        for (DType dtype : DType.values()) {
            Tensor empty = bench.tensor(dtype, Shape.of(2, 0));
            double[] sums = reduce(ReduceOp.SUM, dtype, Ints.of(1), Shape.of(2, 1), empty);
            assertArrayEquals(new double[sums.length], sums, dtype.toString());
            double[] products = reduce(ReduceOp.PROD, dtype, Ints.of(1), Shape.of(2, 1), empty);
            assertEquals(1, products[0], dtype.toString());
        }
    }

    @Test
    void extremesGiveNaN() {
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(2, 3), 1, Double.NaN, 3, 4, 5, 6);
        for (ReduceOp op : List.of(ReduceOp.MAX, ReduceOp.MIN)) {
            double[] rows = reduce(op, DType.FLOAT32, Ints.of(1), Shape.of(2, 1), x);
            assertEquals(Double.NaN, rows[0]);
            assertEquals(op == ReduceOp.MAX ? 6 : 4, rows[1]);
            double[] columns = reduce(op, DType.FLOAT32, Ints.of(0), Shape.of(1, 3), x);
            assertEquals(Double.NaN, columns[1]);
            assertEquals(op == ReduceOp.MAX ? 4 : 1, columns[0]);
        }
    }

    /// Few columns of very many rows, which are cut into pieces. All values are exact.
    @ParameterizedTest
    @EnumSource
    void tallColumns(ReduceOp op) {
        int tall = 50_001;
        Shape shape = Shape.of(2, tall, 3);
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.INT32, DType.COMPLEX64)) {
            int width = Storage.width(dtype);
            double[] x = new double[6 * tall * width];
            Arrays.fill(x, op == ReduceOp.PROD ? 1 : 0);
            double[] expected = new double[6 * width];
            for (int i = 0; i < 6; i++) {
                int first = i / 3 * tall * 3 + i % 3;
                // In the first, a middle and the last row.
                x[first * width] = 2;
                x[(first + 3 * 31_000) * width] = i + 3;
                x[(first + 3 * (tall - 1)) * width] = -1;
                expected[i * width] = switch (op) {
                    case SUM -> i + 4;
                    case PROD -> -2 * (i + 3);
                    case MAX -> i + 3;
                    case MIN -> -1;
                };
            }
            if (dtype == DType.COMPLEX64 && op == ReduceOp.PROD) {
                for (int i = 1; i < x.length; i += 2) {
                    x[i] = 0;
                }
            }
            for (Tensor input : bench.layouts(dtype, shape, x)) {
                assertArrayEquals(
                        expected,
                        reduce(op, dtype, Ints.of(1), Shape.of(2, 1, 3), input),
                        dtype + " " + input.strides());
            }
        }
    }

    /// Lines longer than a tile, along both axes; the sum of a million floats is the exact sum rounded.
    @Test
    void longSumsAreExactlyRounded() {
        int n = 1_000_000;
        double[] x = Samples.of(DType.FLOAT32, n, false, 3);
        BigDecimal exact = BigDecimal.ZERO;
        for (double value : x) {
            exact = exact.add(new BigDecimal(value));
        }
        Tensor row = bench.tensor(DType.FLOAT32, Shape.of(1, n), x);
        Tensor column = bench.tensor(DType.FLOAT32, Shape.of(n, 1), x);
        float expected = exact.floatValue();
        assertEquals(expected, reduce(ReduceOp.SUM, DType.FLOAT32, Ints.of(1), Shape.of(1, 1), row)[0]);
        assertEquals(expected, reduce(ReduceOp.SUM, DType.FLOAT32, Ints.of(0), Shape.of(1, 1), column)[0]);
        Tensor wide = bench.tensor(DType.FLOAT32, Shape.of(500, 2000), x);
        double[] columns = reduce(ReduceOp.SUM, DType.FLOAT32, Ints.of(0), Shape.of(1, 2000), wide);
        for (int j = 0; j < 2000; j += 333) {
            double sum = 0;
            for (int i = 0; i < 500; i++) {
                sum += x[i * 2000 + j];
            }
            assertEquals((float) sum, columns[j]);
        }
        // 0.1 added to 256 is lost in float16, so the sum must have been kept in something wider.
        double[] tenths = new double[4096];
        Arrays.fill(tenths, Workbench.rounded(DType.FLOAT16, 0.1));
        Tensor halves = bench.tensor(DType.FLOAT16, Shape.of(4096), tenths);
        assertEquals(409.5, reduce(ReduceOp.SUM, DType.FLOAT16, Ints.of(0), Shape.of(1), halves)[0]);
    }

    @ParameterizedTest
    @EnumSource
    void firstExtremeIsFound(ArgReduceOp op) {
        Shape shape = Shape.of(3, 4, 5);
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] x = Samples.of(dtype, 60, false, 4);
            if (dtype.isInexact()) {
                for (int i = 0; i < x.length; i += 7) {
                    x[i] = Double.NaN;
                }
            }
            for (int axis = 0; axis < 3; axis++) {
                int[] targets = targets(shape, Ints.of(axis));
                Shape result = shape.with(axis, 1);
                int[] best = new int[result.size()];
                Arrays.fill(best, -1);
                int[] seen = new int[result.size()];
                double[] expected = new double[result.size()];
                for (int i = 0; i < 60; i++) {
                    int target = targets[i];
                    int index = seen[target]++;
                    boolean nan = Double.isNaN(x[i * width]) || Double.isNaN(x[i * width + width - 1]);
                    if (!nan && (best[target] < 0 || better(op, x, width, i, best[target]))) {
                        best[target] = i;
                        expected[target] = index;
                    }
                }
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    Tensor actual = bench.run(new Primitive.ArgReduce(op, axis), DType.UINT32, result, input);
                    assertArrayEquals(expected, bench.values(actual), dtype + " " + op + " " + axis);
                }
            }
        }
    }

    private static boolean better(ArgReduceOp op, double[] x, int width, int i, int j) {
        for (int part = 0; part < width; part++) {
            double a = x[i * width + part];
            double b = x[j * width + part];
            if (a != b) {
                return op == ArgReduceOp.ARGMAX ? a > b : a < b;
            }
        }
        return false;
    }

    @Test
    void extremeOfNothingButNaNIsTheFirst() {
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(2), Double.NaN, Double.NaN);
        Tensor index = bench.run(new Primitive.ArgReduce(ArgReduceOp.ARGMAX, 0), DType.UINT32, Shape.of(1), x);
        assertArrayEquals(new double[] {0}, bench.values(index));
    }

    @ParameterizedTest
    @EnumSource
    void scans(ScanOp op) {
        Shape shape = Shape.of(3, 4, 5);
        for (DType dtype : DType.values()) {
            if (dtype.isComplex()) {
                continue;
            }
            double[] x = Samples.of(dtype, 60, false, 5);
            for (int axis = 0; axis < 3; axis++) {
                for (int mode = 0; mode < 4; mode++) {
                    Primitive.Scan scan = new Primitive.Scan(op, axis, (mode & 1) != 0, (mode & 2) != 0);
                    double[] expected = scanned(scan, dtype, shape, x);
                    for (Tensor input : bench.layouts(dtype, shape, x)) {
                        double[] actual = bench.values(bench.run(scan, dtype, shape, input));
                        for (int i = 0; i < 60; i++) {
                            double unit = dtype == DType.FLOAT16 ? 0x1p-10 : dtype == DType.BFLOAT16 ? 0x1p-7 : 0x1p-22;
                            double tolerance = dtype.isInexact() ? unit * Math.max(Math.abs(expected[i]), 0x1p-14) : 0;
                            assertEquals(expected[i], actual[i], tolerance, dtype + " " + scan);
                        }
                    }
                }
            }
        }
    }

    /// By the definition: each element is the combination of those before it.
    private static double[] scanned(Primitive.Scan scan, DType dtype, Shape shape, double[] x) {
        int stride = Tensor.rowMajor(shape).get(scan.axis());
        int length = shape.dim(scan.axis());
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int position = i / stride % length;
            int from = scan.reverse() ? (scan.inclusive() ? position : position + 1) : 0;
            int to = scan.reverse() ? length : scan.inclusive() ? position + 1 : position;
            double value = start(scan.op(), dtype);
            for (int k = from; k < to; k++) {
                double next = x[i + (k - position) * stride];
                value = switch (scan.op()) {
                    case SUM -> value + next;
                    case PROD -> value * next;
                    case MAX -> Math.max(value, next);
                    case MIN -> Math.min(value, next);
                    case LOGADDEXP -> dtype.isInexact() ? Functions.logAddExp(value, next) : Math.max(value, next);
                };
                if (!dtype.isInexact()) {
                    value = Samples.wrap(new BigDecimal(value).toBigInteger(), dtype)
                            .doubleValue();
                }
            }
            result[i] = Workbench.rounded(dtype, value);
        }
        return result;
    }

    private static double start(ScanOp op, DType dtype) {
        return switch (op) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, LOGADDEXP ->
                dtype.isInexact()
                        ? Double.NEGATIVE_INFINITY
                        : dtype.isUnsigned() || dtype == DType.BOOL ? 0 : -Math.scalb(1.0, 8 * dtype.bytes() - 1);
            case MIN ->
                dtype.isInexact()
                        ? Double.POSITIVE_INFINITY
                        : dtype == DType.BOOL
                                ? 1
                                : Samples.wrap(
                                                BigInteger.ONE
                                                        .shiftLeft(8 * dtype.bytes() - (dtype.isUnsigned() ? 0 : 1))
                                                        .subtract(BigInteger.ONE),
                                                dtype)
                                        .doubleValue();
        };
    }

    @Test
    void complexScans() {
        Tensor z = bench.tensor(DType.COMPLEX64, Shape.of(3), 1, 2, 3, -1, -0.5, 0);
        assertArrayEquals(new double[] {1, 2, 4, 1, 3.5, 1}, scan(z, ScanOp.SUM, false, true));
        assertArrayEquals(new double[] {0, 0, 1, 2, 4, 1}, scan(z, ScanOp.SUM, false, false));
        assertArrayEquals(new double[] {-2.5, -2.5, -1.5, 0.5, -0.5, 0}, scan(z, ScanOp.PROD, true, true));
        assertArrayEquals(new double[] {1, 2, 3, -1, 3, -1}, scan(z, ScanOp.MAX, false, true));
        assertArrayEquals(new double[] {1, 2, 1, 2, -0.5, 0}, scan(z, ScanOp.MIN, false, true));
    }

    private double[] scan(Tensor x, ScanOp op, boolean reverse, boolean inclusive) {
        return bench.values(bench.run(new Primitive.Scan(op, 0, reverse, inclusive), x.dtype(), x.shape(), x));
    }

    @Test
    void scansOfNothing() {
        Tensor empty = bench.tensor(DType.FLOAT32, Shape.of(0, 3));
        for (int axis = 0; axis < 2; axis++) {
            Primitive.Scan scan = new Primitive.Scan(ScanOp.SUM, axis, false, true);
            assertEquals(0, bench.values(bench.run(scan, DType.FLOAT32, empty.shape(), empty)).length);
        }
    }
}
