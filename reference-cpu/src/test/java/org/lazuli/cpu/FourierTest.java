package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.cpu.FourierPlan.Numbers;
import org.lazuli.spi.Primitive.FourierOp;
import org.lazuli.spi.Primitive.FourierTransform;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

class FourierTest {
    /// Powers, products of every radix, primes that are summed up and primes that are not.
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 66), IntStream.of(74, 97, 128, 210, 243, 625, 902, 997, 1024, 2018, 2310))
            .toArray();

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    /// Everything is carried in double, so a result is the definition's, rounded: half a unit in the last place, and what the
    /// sums in double are off, here and in the definition.
    @Test
    void everyLengthIsTheDefinitionRounded() {
        Random random = new Random(1);
        for (int n : LENGTHS) {
            for (FourierOp op : FourierOp.values()) {
                check(op, n, 3, 1, random);
                check(op, n, 1, 5, random);
            }
        }
    }

    @Test
    void manyShortLinesAlongAnyAxis() {
        Random random = new Random(2);
        for (int n : new int[] {1, 2, 6, 8, 37}) {
            for (FourierOp op : FourierOp.values()) {
                check(op, n, 1, 999, random);
                check(op, n, 33, 31, random);
                check(op, n, 1001, 1, random);
            }
        }
    }

    private void check(FourierOp op, int n, int outer, int inner, Random random) {
        int width = op.operand().isComplex() ? 2 : 1;
        Shape shape = Shape.of(outer, op.given(n), inner);
        double[] values =
                random.doubles(shape.size() * width, -1, 1).map(x -> (float) x).toArray();
        FourierTransform transform = new FourierTransform(op, 1, n, 0.5);
        Shape result = Shape.of(outer, op.results(n), inner);
        int[] lines =
                IntStream.of(0, outer * inner / 2, outer * inner - 1).distinct().toArray();
        double[][] expected = new double[lines.length][];
        for (int i = 0; i < lines.length; i++) {
            expected[i] = definition(op, n, values, lines[i] / inner * op.given(n) * inner + lines[i] % inner, inner);
        }
        for (Tensor input : bench.layouts(op.operand(), shape, values)) {
            double[] actual = bench.values(bench.run(transform, op.result(), result, input));
            for (int i = 0; i < lines.length; i++) {
                int to = lines[i] / inner * op.results(n) * inner + lines[i] % inner;
                checkLine(op, n, expected[i], actual, to, inner);
            }
        }
    }

    /// Half the transform of one line, complex, and the sum of its magnitudes.
    private static double[] definition(FourierOp op, int n, double[] x, int from, int stride) {
        boolean inverse = op == FourierOp.INVERSE || op == FourierOp.HERMITIAN;
        boolean complex = op.operand().isComplex();
        double[] cos = new double[n];
        double[] sin = new double[n];
        for (int k = 0; k < n; k++) {
            cos[k] = Math.cos(2 * Math.PI * k / n) / 2;
            sin[k] = Math.sin(2 * Math.PI * k / n) / (inverse ? 2 : -2);
        }
        double[] result = new double[2 * n + 1];
        for (int j = 0; j < n; j++) {
            boolean mirrored = j >= op.given(n);
            int at = from + (mirrored ? n - j : j) * stride;
            double a = complex ? x[2 * at] : x[at];
            double b = complex ? x[2 * at + 1] : 0;
            if (op == FourierOp.HERMITIAN) {
                b = j == 0 || 2 * j == n ? 0 : mirrored ? -b : b;
            }
            for (int k = 0; k < n; k++) {
                int turn = (int) ((long) j * k % n);
                result[2 * k] += a * cos[turn] - b * sin[turn];
                result[2 * k + 1] += a * sin[turn] + b * cos[turn];
            }
            result[2 * n] += Math.hypot(a, b);
        }
        return result;
    }

    private static void checkLine(FourierOp op, int n, double[] expected, double[] y, int to, int stride) {
        boolean pairs = op.result().isComplex();
        for (int k = 0; k < op.results(n); k++) {
            String what = op + " of " + n + ", result " + k;
            int at = to + k * stride;
            checkNear(expected[2 * k], y[pairs ? 2 * at : at], n, expected[2 * n], what);
            if (pairs) {
                checkNear(expected[2 * k + 1], y[2 * at + 1], n, expected[2 * n], what + "i");
            }
        }
    }

    private static void checkNear(double expected, double actual, int n, double magnitude, String what) {
        double bound = Math.ulp((float) expected) / 2 + (n + 32) * 0x1p-52 * magnitude;
        assertEquals(expected, actual, bound, what);
    }

    /// The inverse of long transforms, and the transform of an impulse, whose definition is a single term.
    @Test
    void longTransformsComeBack() {
        Random random = new Random(3);
        for (int n : new int[] {1 << 17, 65537, 3 * 5 * 7 * 11 * 13, 100_003}) {
            float[] values = new float[2 * n];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            double[] x = IntStream.range(0, values.length)
                    .mapToDouble(i -> values[i])
                    .toArray();
            Tensor there = bench.run(
                    new FourierTransform(FourierOp.FORWARD, 0, n, 1),
                    DType.COMPLEX64,
                    Shape.of(n),
                    bench.tensor(DType.COMPLEX64, Shape.of(n), x));
            double[] back = bench.values(bench.run(
                    new FourierTransform(FourierOp.INVERSE, 0, n, 1.0 / n), DType.COMPLEX64, Shape.of(n), there));
            // Each result of the first is rounded by at most half a unit of √n; an element that comes back is their
            // mean of n.
            double bound = 4 * 0x1p-24;
            for (int i = 0; i < x.length; i++) {
                assertEquals(x[i], back[i], bound, n + " at " + i);
            }
        }
    }

    /// Enough elements for vectors, of lines that fill them and of some that are left over.
    @Test
    void vectorsGiveTheBitsOfPlainLoops() {
        try (Workbench plain = new Workbench(new CpuBackend(null))) {
            for (int n : new int[] {64, 120, 128, 250, 1024, 37}) {
                for (int lines : new int[] {1, 8, 20, 403}) {
                    int count = lines == 1 ? n * 1024 : n;
                    Shape shape = Shape.of(lines, count);
                    double[] values = new Random(n).doubles(2 * shape.size()).toArray();
                    for (FourierOp op : new FourierOp[] {FourierOp.FORWARD, FourierOp.INVERSE}) {
                        FourierTransform transform = new FourierTransform(op, 1, count, 1);
                        assertArrayEquals(
                                plain.bits(plain.run(
                                        transform,
                                        DType.COMPLEX64,
                                        shape,
                                        plain.tensor(DType.COMPLEX64, shape, values))),
                                bench.bits(bench.run(
                                        transform,
                                        DType.COMPLEX64,
                                        shape,
                                        bench.tensor(DType.COMPLEX64, shape, values))));
                    }
                }
            }
        }
    }

    @Test
    void linesDoNotTouchEachOther() {
        for (int n : new int[] {8, 9, 37}) {
            for (FourierOp op : FourierOp.values()) {
                int width = op.operand().isComplex() ? 2 : 1;
                Shape shape = Shape.of(3, op.given(n));
                double[] values = new double[shape.size() * width];
                Arrays.fill(values, 1);
                values[op.given(n) * width + 1] = Double.NaN;
                values[op.given(n) * width + 4] = Double.POSITIVE_INFINITY;
                Tensor result = bench.run(
                        new FourierTransform(op, 1, n, 1),
                        op.result(),
                        Shape.of(3, op.results(n)),
                        bench.tensor(op.operand(), shape, values));
                double[] actual = bench.values(result);
                int line = actual.length / 3;
                for (int i = 0; i < line; i++) {
                    assertFalse(Double.isNaN(actual[i]) || Double.isNaN(actual[2 * line + i]), op + " of " + n);
                }
                assertTrue(IntStream.range(line, 2 * line).anyMatch(i -> Double.isNaN(actual[i])), op + " of " + n);
            }
        }
    }

    @Test
    void rootsOfUnityAreRightToAUnitInTheLastPlace() {
        Numbers roots = FourierPlan.roots(8, 8);
        double half = Math.sqrt(0.5);
        double[] re = {1, half, 0, -half, -1, -half, 0, half};
        double[] im = {0, -half, -1, -half, 0, half, 1, half};
        for (int k = 0; k < 8; k++) {
            assertEquals(re[k], roots.re()[k], Math.ulp(half));
            assertEquals(im[k], roots.im()[k], Math.ulp(half));
        }
        Numbers fine = FourierPlan.roots(1_000_003, 1_000_003);
        for (int k = 0; k < 1_000_003; k += 997) {
            assertEquals(1, Math.hypot(fine.re()[k], fine.im()[k]), 3 * 0x1p-53);
        }
    }

    @Test
    void otherOperandsAreNotDefined() {
        TensorSpec real = new TensorSpec(DType.FLOAT32, Shape.of(4));
        assertFalse(bench.backend.supports(new FourierTransform(FourierOp.FORWARD, 0, 4, 1), List.of(real)));
        assertTrue(bench.backend.supports(new FourierTransform(FourierOp.REAL, 0, 4, 1), List.of(real)));
    }
}
