package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;

class SortingTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    /// The list sort of Java is stable, and `Double.compare` puts NaN last; both zeros are made equal.
    private static int compare(double[] x, int width, int i, int j) {
        boolean nan = Double.isNaN(x[i * width]) || Double.isNaN(x[i * width + width - 1]);
        boolean other = Double.isNaN(x[j * width]) || Double.isNaN(x[j * width + width - 1]);
        if (nan || other) {
            return Boolean.compare(nan, other);
        }
        int result = Double.compare(x[i * width] + 0.0, x[j * width] + 0.0);
        return result != 0 ? result : Double.compare(x[i * width + width - 1] + 0.0, x[j * width + width - 1] + 0.0);
    }

    @Test
    void sortsAlongEveryAxis() {
        Shape shape = Shape.of(3, 20, 4);
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] x = Samples.of(dtype, 240, true, 1);
            for (int i = 0; i < 40; i++) {
                // Equal elements, to see that their order is kept.
                x[i * 6] = dtype == DType.BOOL ? 1 : 2;
            }
            for (int axis = 0; axis < 3; axis++) {
                int stride = Tensor.rowMajor(shape).get(axis);
                int length = shape.dim(axis);
                double[] sorted = new double[x.length];
                double[] positions = new double[240];
                for (int i = 0; i < 240; i++) {
                    if (i / stride % length == 0) {
                        List<Integer> line = new ArrayList<>();
                        for (int k = 0; k < length; k++) {
                            line.add(i + k * stride);
                        }
                        line.sort((a, b) -> compare(x, width, a, b));
                        for (int k = 0; k < length; k++) {
                            positions[i + k * stride] = Math.divideExact(line.get(k) - i, stride);
                            System.arraycopy(x, line.get(k) * width, sorted, (i + k * stride) * width, width);
                        }
                    }
                }
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    Tensor order = bench.run(new Primitive.ArgSort(axis), DType.UINT32, shape, input);
                    assertArrayEquals(positions, bench.values(order), dtype + " axis " + axis);
                    Tensor values = bench.run(new Primitive.Sort(axis), dtype, shape, input);
                    assertArrayEquals(sorted, bench.values(values), dtype + " axis " + axis);
                }
            }
        }
    }

    @Test
    void sortsIntegersOverTheirWholeRange() {
        for (DType dtype : DType.values()) {
            if (dtype.isInexact()) {
                continue;
            }
            BigInteger[] x = Samples.integers(dtype, 1000, 2);
            Tensor sorted = bench.run(
                    new Primitive.Sort(0), dtype, Shape.of(1000), bench.longs(dtype, Shape.of(1000), Samples.bits(x)));
            long[] bits = bench.bits(sorted);
            List<BigInteger> expected = new ArrayList<>(List.of(x));
            expected.sort(Comparator.naturalOrder());
            for (int i = 0; i < 1000; i++) {
                assertEquals(expected.get(i), Samples.integer(dtype, bits[i]), dtype.toString());
            }
        }
    }

    @Test
    void sortsNothing() {
        Tensor empty = bench.tensor(DType.FLOAT32, Shape.of(2, 0));
        assertEquals(0, bench.values(bench.run(new Primitive.Sort(1), DType.FLOAT32, empty.shape(), empty)).length);
        assertEquals(0, bench.values(bench.run(new Primitive.Sort(0), DType.FLOAT32, empty.shape(), empty)).length);
    }
}
