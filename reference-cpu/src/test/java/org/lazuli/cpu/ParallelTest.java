package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Tensor;

/// Kernels that are large enough to be shared give the bits that one thread gives: a job inside a job runs on one
/// thread.
class ParallelTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void check(Kernel kernel, DType dtype, Shape shape, Tensor... inputs) {
        long[] shared = bench.bits(bench.run(kernel, dtype, shape, inputs));
        List<long[]> alone = new java.util.concurrent.CopyOnWriteArrayList<>();
        Workers.SHARED.run(2, part -> {
            if (part == 0) {
                alone.add(bench.bits(bench.run(kernel, dtype, shape, inputs)));
            }
        });
        assertArrayEquals(alone.getFirst(), shared, kernel.toString());
    }

    @Test
    void sharedKernelsGiveTheSameBits() {
        DType f32 = DType.FLOAT32;
        Shape shape = Shape.of(301, 1003);
        double[] values = Samples.of(f32, shape.size(), false, 1);
        Shape flat = Shape.of(shape.size());
        for (Tensor x : bench.layouts(f32, shape, values)) {
            check(new Primitive.Binary(BinaryOp.MULTIPLY), f32, shape, x, x);
            check(new Primitive.Unary(UnaryOp.TANH), f32, shape, x);
            check(new Primitive.Reduce(ReduceOp.SUM, Ints.of(0)), f32, shape.with(0, 1), x);
            check(new Primitive.Reduce(ReduceOp.SUM, Ints.of(1)), f32, shape.with(1, 1), x);
            check(new Primitive.Reduce(ReduceOp.PROD, Ints.of(0, 1)), f32, Shape.of(1, 1), x);
        }
        Tensor x = bench.tensor(f32, flat, values);
        check(new Primitive.Reduce(ReduceOp.SUM, Ints.of(0)), f32, Shape.of(1), x);
        Tensor a = bench.tensor(f32, shape, values);
        Tensor b = bench.tensor(f32, Shape.of(1003, 301), values);
        check(new Primitive.MatMul(), f32, Shape.of(301, 301), a, b);
        check(new Primitive.MatMul(), f32, Shape.of(1003, 1003), b, a);
        Tensor images = bench.tensor(f32, Shape.of(20, 28, 28, 3), Samples.of(f32, 20 * 28 * 28 * 3, false, 2));
        Tensor weights = bench.tensor(f32, Shape.of(70, 3, 3, 3), Samples.of(f32, 70 * 27, false, 3));
        Ints one = Ints.of(1, 1);
        check(
                new Primitive.Convolution(one, one, one, one, one, 1, false),
                f32,
                Shape.of(20, 28, 28, 70),
                images,
                weights);
    }

    /// What is cut into parts ends up where it belongs, whatever the layout it comes from.
    @Test
    void sharedMovementPutsEveryElementInItsPlace() {
        DType f32 = DType.FLOAT32;
        int rows = 701;
        int width = 307;
        Shape shape = Shape.of(rows, width);
        double[] values = Samples.of(f32, shape.size(), false, 4);
        double[] ids = new double[rows];
        double[] picked = new double[values.length];
        double[] added = values.clone();
        for (int i = 0; i < rows; i++) {
            int id = i * 37 % 101;
            ids[i] = id;
            for (int j = 0; j < width; j++) {
                picked[i * width + j] = values[id * width + j];
                added[id * width + j] = (float) (added[id * width + j] + values[i * width + j]);
            }
        }
        Tensor indices = bench.tensor(DType.INT32, Shape.of(rows), ids);
        Tensor updates = bench.tensor(f32, Shape.of(rows, 1, width), values);
        for (Tensor x : bench.layouts(f32, shape, values)) {
            assertArrayEquals(values, bench.values(bench.run(new Primitive.Copy(), f32, shape, x)));
            Tensor gathered = bench.run(new Primitive.Gather(Ints.of(0)), f32, shape, x, indices);
            assertArrayEquals(picked, bench.values(gathered));
            Primitive.Scatter add = new Primitive.Scatter(Primitive.UpdateOp.ADD, Ints.of(0));
            assertArrayEquals(added, bench.values(bench.run(add, f32, shape, x, indices, updates)));
        }
    }
}
