package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

class IndexingTest {
    private static final DType[] INTEGERS = {
        DType.UINT8, DType.UINT16, DType.UINT32, DType.UINT64, DType.INT8, DType.INT16, DType.INT32, DType.INT64
    };

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    /// x[:, i, j] over all dtypes, layouts and kinds of index; of a signed one, some count from the end.
    @Test
    void gather() {
        Shape shape = Shape.of(3, 4, 5);
        Ints axes = Ints.of(1, 2);
        int[] rows = {3, 0, 1, 1, 2, 0};
        int[] columns = {4, 4, 0, 2, 1, 3};
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] x = Samples.of(dtype, 60, true, 1);
            for (DType index : INTEGERS) {
                double[] i = new double[6];
                double[] j = new double[6];
                double[] expected = new double[18 * width];
                for (int k = 0; k < 6; k++) {
                    i[k] = index.isUnsigned() || k % 2 == 0 ? rows[k] : rows[k] - 4;
                    j[k] = columns[k];
                    for (int n = 0; n < 3; n++) {
                        int from = n * 20 + rows[k] * 5 + columns[k];
                        System.arraycopy(x, from * width, expected, (k * 3 + n) * width, width);
                    }
                }
                List<Tensor> is = bench.layouts(index, Shape.of(2, 3), i);
                Tensor js = bench.tensor(index, Shape.of(2, 3), j);
                List<Tensor> xs = bench.layouts(dtype, shape, x);
                for (int layout = 0; layout < 4; layout++) {
                    Tensor actual = bench.run(
                            new Primitive.Gather(axes), dtype, Shape.of(2, 3, 3), xs.get(layout), is.get(layout), js);
                    assertArrayEquals(expected, bench.values(actual), dtype + " by " + index);
                }
            }
        }
    }

    /// Whole rows, and rows of two axes that do not lie together.
    @Test
    void gatherOfSlices() {
        Shape shape = Shape.of(3, 4, 5);
        double[] x = Samples.of(DType.FLOAT32, 60, false, 2);
        Tensor index = bench.tensor(DType.INT32, Shape.of(2), -1, 0);
        for (Tensor input : bench.layouts(DType.FLOAT32, shape, x)) {
            double[] planes = bench.values(
                    bench.run(new Primitive.Gather(Ints.of(0)), DType.FLOAT32, Shape.of(2, 4, 5), input, index));
            double[] middle = bench.values(
                    bench.run(new Primitive.Gather(Ints.of(1)), DType.FLOAT32, Shape.of(2, 3, 5), input, index));
            for (int i = 0; i < 40; i++) {
                assertEquals(x[(i < 20 ? 40 : 0) + i % 20], planes[i]);
            }
            for (int i = 0; i < 30; i++) {
                assertEquals(x[i / 5 % 3 * 20 + (i < 15 ? 3 : 0) * 5 + i % 5], middle[i]);
            }
        }
    }

    @Test
    void scatter() {
        Shape shape = Shape.of(4, 3, 2);
        Shape updates = Shape.of(5, 4, 2);
        // Index 1 comes three times.
        double[] index = {1, -3, 0, 1, 2};
        int[] at = {1, 0, 0, 1, 2};
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] x = Samples.of(dtype, 24, false, 3);
            double[] u = Samples.of(dtype, 40, false, 4);
            for (UpdateOp op : UpdateOp.values()) {
                double[] expected = x.clone();
                for (int k = 0; k < 5; k++) {
                    for (int n = 0; n < 4; n++) {
                        for (int c = 0; c < 2; c++) {
                            int to = (n * 6 + at[k] * 2 + c) * width;
                            int from = (k * 8 + n * 2 + c) * width;
                            combine(op, dtype, expected, to, u, from);
                        }
                    }
                }
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    for (Tensor values : bench.layouts(dtype, updates, u)) {
                        Tensor actual = bench.run(
                                new Primitive.Scatter(op, Ints.of(1)),
                                dtype,
                                shape,
                                input,
                                bench.tensor(DType.INT32, Shape.of(5), index),
                                values);
                        assertClose(expected, bench.values(actual), dtype + " " + op);
                    }
                }
            }
        }
    }

    @Test
    void scatterOfSingleElements() {
        Tensor x = bench.tensor(DType.INT32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor i = bench.tensor(DType.INT32, Shape.of(3), 0, 1, 0);
        Tensor j = bench.tensor(DType.UINT8, Shape.of(3), 2, 0, 2);
        Tensor u = bench.tensor(DType.INT32, Shape.of(3), 10, 20, 30);
        assertArrayEquals(
                new double[] {1, 2, 43, 24, 5, 6},
                bench.values(bench.run(
                        new Primitive.Scatter(UpdateOp.ADD, Ints.of(0, 1)), DType.INT32, x.shape(), x, i, j, u)));
        assertArrayEquals(
                new double[] {1, 2, 30, 20, 5, 6},
                bench.values(bench.run(
                        new Primitive.Scatter(UpdateOp.SET, Ints.of(0, 1)), DType.INT32, x.shape(), x, i, j, u)));
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, bench.values(x));
    }

    @Test
    void sliceUpdate() {
        Shape shape = Shape.of(4, 5);
        Shape region = Shape.of(2, 3);
        // Rows 3 and 1, columns 0, 2 and 4.
        Ints starts = Ints.of(3, 0);
        Ints steps = Ints.of(-2, 2);
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] x = Samples.of(dtype, 20, false, 5);
            double[] u = Samples.of(dtype, 6, false, 6);
            for (UpdateOp op : UpdateOp.values()) {
                double[] expected = x.clone();
                for (int i = 0; i < 6; i++) {
                    combine(op, dtype, expected, ((3 - 2 * (i / 3)) * 5 + i % 3 * 2) * width, u, i * width);
                }
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    for (Tensor update : bench.layouts(dtype, region, u)) {
                        Tensor actual =
                                bench.run(new Primitive.SliceUpdate(op, starts, steps), dtype, shape, input, update);
                        assertClose(expected, bench.values(actual), dtype + " " + op);
                    }
                }
            }
        }
    }

    /// Complex products may be rounded once more or less than here.
    private static void assertClose(double[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-6 * Math.abs(expected[i]) + 1e-6, what);
        }
    }

    private static void combine(UpdateOp op, DType dtype, double[] to, int at, double[] from, int i) {
        if (dtype == DType.COMPLEX64) {
            Complex a = new Complex(to[at], to[at + 1]);
            Complex b = new Complex(from[i], from[i + 1]);
            Complex result = switch (op) {
                case SET -> b;
                case ADD -> a.plus(b);
                case MULTIPLY -> a.times(b);
                case MAXIMUM -> Complex.less(a.re(), a.im(), b.re(), b.im()) ? b : a;
                case MINIMUM -> Complex.less(a.re(), a.im(), b.re(), b.im()) ? a : b;
            };
            to[at] = (float) result.re();
            to[at + 1] = (float) result.im();
            return;
        }
        double result = switch (op) {
            case SET -> from[i];
            case ADD -> to[at] + from[i];
            case MULTIPLY -> to[at] * from[i];
            case MAXIMUM -> Math.max(to[at], from[i]);
            case MINIMUM -> Math.min(to[at], from[i]);
        };
        to[at] = dtype.isInexact()
                ? Workbench.rounded(dtype, result)
                : Samples.wrap(new java.math.BigDecimal(result).toBigInteger(), dtype)
                        .doubleValue();
    }

    @Test
    void indexesOutOfBoundsAreNamed() {
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(5, 2), new double[10]);
        Tensor seven = bench.tensor(DType.INT32, Shape.of(2), 0, 7);
        Tensor minus = bench.tensor(DType.INT64, Shape.of(1), -6);
        Tensor huge = bench.longs(DType.UINT64, Shape.of(1), -1);
        Tensor update = bench.tensor(DType.FLOAT32, Shape.of(2, 2), 1, 2, 3, 4);
        Kernel take = new Primitive.Gather(Ints.of(0));
        assertMessage(
                "take: index 7 is out of bounds for axis 0 with size 5",
                () -> bench.run(take, DType.FLOAT32, Shape.of(2, 2), x, seven));
        assertMessage(
                "take: index -6 is out of bounds for axis 0 with size 5",
                () -> bench.run(take, DType.FLOAT32, Shape.of(1, 2), x, minus));
        assertMessage(
                "take: index 18446744073709551615 is out of bounds for axis 0 with size 5",
                () -> bench.run(take, DType.FLOAT32, Shape.of(1, 2), x, huge));
        assertMessage(
                "update: index 7 is out of bounds for axis 0 with size 5",
                () -> bench.run(
                        new Primitive.Scatter(UpdateOp.ADD, Ints.of(0)), DType.FLOAT32, x.shape(), x, seven, update));
        assertMessage(
                "slice update: elements 4 to 5 are out of bounds for axis 0 with size 5",
                () -> bench.run(
                        new Primitive.SliceUpdate(UpdateOp.SET, Ints.of(4, 0), Ints.of(1, 1)),
                        DType.FLOAT32,
                        x.shape(),
                        x,
                        update));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable executable) {
        assertEquals(
                message,
                assertThrows(IndexOutOfBoundsException.class, executable).getMessage());
    }

    @Test
    void nothingToGatherOrScatter() {
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(2), 1, 2);
        Tensor none = bench.tensor(DType.INT32, Shape.of(0));
        Tensor gathered = bench.run(new Primitive.Gather(Ints.of(0)), DType.FLOAT32, Shape.of(0), x, none);
        assertEquals(0, bench.values(gathered).length);
        Tensor updates = bench.tensor(DType.FLOAT32, Shape.of(0));
        Tensor same = bench.run(
                new Primitive.Scatter(UpdateOp.ADD, Ints.of(0)), DType.FLOAT32, Shape.of(2), x, none, updates);
        assertArrayEquals(new double[] {1, 2}, bench.values(same));
        Tensor scalar = bench.tensor(DType.INT32, Shape.SCALAR, 1);
        TensorSpec spec = new TensorSpec(DType.INT32, Shape.of(3));
        Tensor broadcast = new Tensor(scalar.buffer(), spec, Ints.of(0), 0);
        assertArrayEquals(
                new double[] {2, 2, 2},
                bench.values(bench.run(new Primitive.Gather(Ints.of(0)), DType.FLOAT32, Shape.of(3), x, broadcast)));
    }
}
