package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Tensor;

/// Softmax and log-sum-exp of rows of all lengths around those that are computed side by side, against sums in double.
class ShortRowsTest {
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

    /// Elements lie within ±10, so that a difference's rounding is at most 20 of these units.
    private static final double UNIT = 0x1p-24;

    /// The distance of float16's subnormal numbers, which the smallest shares are.
    private static final double SUBNORMAL = 0x1p-24;

    @Property(tries = 200)
    void areWhatTheirDefinitionSays(
            @ForAll @IntRange(min = 1, max = 200) int rows,
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(max = 2) int type,
            @ForAll @IntRange(max = 3) int layout) {
        DType dtype = TYPES.get(type);
        double[] values = Samples.of(dtype, rows * n, false, 7);
        try (Workbench bench = new Workbench()) {
            Tensor x = bench.layouts(dtype, Shape.of(rows, n), values).get(layout);
            double[] softmax = bench.values(bench.run(new Accelerated.Softmax(), dtype, Shape.of(rows, n), x));
            double[] logs = bench.values(bench.run(new Accelerated.LogSumExp(), dtype, Shape.of(rows, 1), x));
            double smallest = dtype == DType.FLOAT16 ? SUBNORMAL : 0;
            double stored = MatrixProductTest.unit(dtype);
            for (int i = 0; i < rows; i++) {
                double[] row = Arrays.copyOfRange(values, i * n, (i + 1) * n);
                double largest = Arrays.stream(row).max().orElseThrow();
                double total =
                        Arrays.stream(row).map(v -> Math.exp(v - largest)).sum();
                for (int j = 0; j < n; j++) {
                    double expected = Math.exp(row[j] - largest) / total;
                    double spread = largest - row[j];
                    assertEquals(
                            expected, softmax[i * n + j], ((n + 6 + spread) * UNIT + stored) * expected + smallest);
                }
                double expected = Math.log(total) + largest;
                assertEquals(
                        expected,
                        logs[i],
                        (n + 6) * UNIT + (4 * UNIT + stored) * (Math.abs(largest) + Math.abs(expected)));
            }
        }
    }

    @Test
    void whatIsNotANumberStaysInItsRow() {
        int rows = 40;
        int n = 5;
        double[] values = new double[rows * n];
        Arrays.fill(values, 0, n, Double.NEGATIVE_INFINITY);
        values[n + 2] = Double.POSITIVE_INFINITY;
        values[2 * n + 3] = Double.NaN;
        values[3 * n + 1] = Double.NEGATIVE_INFINITY;
        values[39 * n] = Double.NaN;
        try (Workbench bench = new Workbench()) {
            Tensor x = bench.tensor(DType.FLOAT32, Shape.of(rows, n), values);
            double[] softmax = bench.values(bench.run(new Accelerated.Softmax(), DType.FLOAT32, Shape.of(rows, n), x));
            double[] logs = bench.values(bench.run(new Accelerated.LogSumExp(), DType.FLOAT32, Shape.of(rows, 1), x));
            assertEquals(Double.NEGATIVE_INFINITY, logs[0]);
            assertEquals(Double.POSITIVE_INFINITY, logs[1]);
            assertEquals(Double.NaN, logs[2]);
            assertEquals(Math.log(4), logs[3], 1e-6);
            assertEquals(Double.NaN, logs[39]);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < n; j++) {
                    double share = softmax[i * n + j];
                    switch (i) {
                        case 0, 1, 2, 39 -> assertEquals(Double.NaN, share);
                        case 3 -> assertEquals(j == 1 ? 0 : 0.25, share, 1e-7);
                        default -> {
                            assertEquals(0.2, share, 1e-7);
                            assertEquals(Math.log(5), logs[i], 1e-6);
                        }
                    }
                }
            }
        }
    }
}
