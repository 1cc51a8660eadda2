package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Copies, bit casts, concatenation, counting.
class MovementTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void copiesAndDownloadsOfEveryLayout() {
        for (DType dtype : DType.values()) {
            for (Shape shape :
                    new Shape[] {Shape.SCALAR, Shape.of(0), Shape.of(5), Shape.of(3, 1, 4), Shape.of(2, 70, 40)}) {
                double[] x = Samples.of(dtype, shape.size(), true, 1);
                for (Tensor input : bench.layouts(dtype, shape, x)) {
                    assertArrayEquals(x, bench.values(input), dtype + " " + shape);
                    Tensor copy = bench.run(new Primitive.Copy(), dtype, shape, input);
                    assertArrayEquals(x, bench.values(copy), dtype + " " + shape);
                }
            }
        }
    }

    @Test
    void copiesOfBroadcastAndPermutedTensors() {
        double[] x = new double[24];
        Arrays.setAll(x, i -> i);
        Tensor base = bench.tensor(DType.INT32, Shape.of(2, 3, 4), x);
        TensorSpec permuted = new TensorSpec(DType.INT32, Shape.of(4, 2, 3));
        Tensor view = new Tensor(base.buffer(), permuted, Ints.of(1, 12, 4), 0);
        double[] expected = new double[24];
        for (int i = 0; i < 24; i++) {
            expected[i] = i / 6 + i / 3 % 2 * 12 + i % 3 * 4;
        }
        assertArrayEquals(expected, bench.values(bench.run(new Primitive.Copy(), DType.INT32, permuted.shape(), view)));
        TensorSpec broadcast = new TensorSpec(DType.INT32, Shape.of(3, 2));
        Tensor repeated = new Tensor(base.buffer(), broadcast, Ints.of(0, -5), 7);
        assertArrayEquals(
                new double[] {7, 2, 7, 2, 7, 2},
                bench.values(bench.run(new Primitive.Copy(), DType.INT32, broadcast.shape(), repeated)));
    }

    @Test
    void bitcastReadsTheBytes() {
        for (DType source : DType.values()) {
            double[] x = Samples.of(source, 24, false, 2);
            Shape shape = Shape.of(3, 8);
            byte[] bytes = Workbench.encode(source, x);
            for (DType target : DType.values()) {
                if (target == DType.BOOL && source != DType.BOOL) {
                    continue;
                }
                Shape result = Shape.of(3, 8 * source.bytes() / target.bytes());
                for (Tensor input : bench.layouts(source, shape, x)) {
                    Tensor actual = bench.run(new Primitive.Bitcast(target), target, result, input);
                    assertArrayEquals(Workbench.decode(target, bytes), bench.values(actual), source + " to " + target);
                }
            }
        }
    }

    /// Other bytes than 0 and 1 are true as well, and become 1.
    @Test
    void everyBoolIsZeroOrOne() {
        Tensor bytes = bench.longs(DType.UINT8, Shape.of(3), 0, 2, 255);
        assertArrayEquals(
                new long[] {0, 1, 1},
                bench.bits(bench.run(new Primitive.Bitcast(DType.BOOL), DType.BOOL, Shape.of(3), bytes)));
        assertArrayEquals(new long[] {0, 1, 1}, bench.bits(bench.longs(DType.BOOL, Shape.of(3), 0, 2, 255)));
    }

    @Test
    void concatenatesAlongEveryAxis() {
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            for (int axis = 0; axis < 3; axis++) {
                int[] lengths = {2, 0, 3};
                Shape shape = Shape.of(3, 2, 4);
                Tensor[][] inputs = new Tensor[4][3];
                double[][] x = new double[3][];
                for (int k = 0; k < 3; k++) {
                    Shape part = shape.with(axis, lengths[k]);
                    x[k] = Samples.of(dtype, part.size(), false, k);
                    for (int layout = 0; layout < 4; layout++) {
                        inputs[layout][k] = bench.layouts(dtype, part, x[k]).get(layout);
                    }
                }
                Shape result = shape.with(axis, 5);
                int inner = Tensor.rowMajor(result).get(axis);
                double[] expected = new double[result.size() * width];
                int[] next = new int[3];
                for (int i = 0; i < result.size(); i++) {
                    int k = i / inner % 5 < 2 ? 0 : 2;
                    System.arraycopy(x[k], next[k]++ * width, expected, i * width, width);
                }
                for (int layout = 0; layout < 4; layout++) {
                    Tensor actual = bench.run(new Primitive.Concatenate(axis), dtype, result, inputs[layout]);
                    assertArrayEquals(expected, bench.values(actual), dtype + " axis " + axis);
                }
            }
        }
    }

    @Test
    void iotaCounts() {
        for (DType dtype : DType.values()) {
            if (dtype == DType.BOOL || dtype == DType.COMPLEX64) {
                continue;
            }
            double[] values = bench.values(bench.run(new Primitive.Iota(dtype, 120), dtype, Shape.of(120)));
            for (int i = 0; i < 120; i++) {
                assertEquals(i, values[i], dtype.toString());
            }
        }
        double[] many = bench.values(bench.run(new Primitive.Iota(DType.INT32, 5000), DType.INT32, Shape.of(5000)));
        assertEquals(4999, many[4999]);
        assertEquals(0, bench.values(bench.run(new Primitive.Iota(DType.INT32, 0), DType.INT32, Shape.of(0))).length);
    }
}
