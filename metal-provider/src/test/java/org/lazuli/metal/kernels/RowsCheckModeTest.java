package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.metal.SimulatorLog;
import org.lazuli.spi.Accelerated.LayerNorm;
import org.lazuli.spi.Accelerated.LogSumExp;
import org.lazuli.spi.Accelerated.RmsNorm;
import org.lazuli.spi.Accelerated.Softmax;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.ArgReduce;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.ArgSort;
import org.lazuli.spi.Primitive.Reduce;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.Scan;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Primitive.Sort;
import org.lazuli.spi.TensorSpec;

/// Every way that kernels along axes go, where each access to memory and each barrier is tested. What they compute is tested elsewhere, but for what is exact.
class RowsCheckModeTest {
    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    /// One element more or less than what threadgroups, blocks and parts take, backwards in memory.
    private static Placed operand(DType dtype, int... shape) {
        return Operands.random(dtype, Shape.of(shape), true, new Random(shape[0]))
                .reversed();
    }

    private static void run(Kernel kernel, TensorSpec result, Placed... inputs) {
        BENCH.get().onMetal(kernel, result, inputs);
        assertEquals("", SimulatorLog.complaints(), kernel::toString);
    }

    private static void same(Kernel kernel, DType result, Shape shape, Placed x) {
        BENCH.get().assertSame(kernel, new TensorSpec(result, shape), x);
        assertEquals("", SimulatorLog.complaints(), kernel::toString);
    }

    @Example
    void reductions() {
        for (DType dtype : List.of(DType.FLOAT32, DType.INT64)) {
            for (int[] shape : new int[][] {{5, 7}, {9, 33}, {3, 300}, {1, 9001}}) {
                same(new Reduce(ReduceOp.MAX, Ints.of(1)), dtype, Shape.of(shape[0], 1), operand(dtype, shape));
            }
            for (int[] shape : new int[][] {{40, 33}, {700, 9}}) {
                same(new Reduce(ReduceOp.SUM, Ints.of(0)), dtype, Shape.of(1, shape[1]), operand(dtype, shape));
            }
            same(
                    new Reduce(ReduceOp.SUM, Ints.of(0, 2)),
                    dtype,
                    Shape.of(1, 9, 1),
                    operand(dtype, 3, 9, 5).transposed());
        }
        for (int[] shape : new int[][] {{9, 33}, {2, 9001}}) {
            same(
                    new ArgReduce(ArgReduceOp.ARGMIN, 1),
                    DType.UINT32,
                    Shape.of(shape[0], 1),
                    operand(DType.BFLOAT16, shape));
        }
        run(new LogSumExp(), new TensorSpec(DType.FLOAT32, Shape.of(3, 1)), operand(DType.FLOAT32, 3, 9001));
    }

    @Example
    void scans() {
        for (DType dtype : List.of(DType.FLOAT32, DType.INT64)) {
            for (int[] shape : new int[][] {{3, 5}, {3, 33}, {2, 1300}, {1, 9001}}) {
                Scan scan = new Scan(ScanOp.SUM, 1, shape[1] == 33, shape[1] != 5);
                same(scan, dtype, Shape.of(shape), operand(dtype, shape));
            }
        }
        run(
                new Scan(ScanOp.LOGADDEXP, 0, true, false),
                new TensorSpec(DType.FLOAT16, Shape.of(300, 2)),
                operand(DType.FLOAT16, 300, 2));
    }

    @Example
    void sorts() {
        for (DType dtype : List.of(DType.FLOAT16, DType.INT64)) {
            for (int[] shape : new int[][] {{9, 5}, {3, 200}, {2, 1000}, {2, 4500}}) {
                same(new Sort(1), dtype, Shape.of(shape), operand(dtype, shape));
            }
            same(new ArgSort(0), DType.UINT32, Shape.of(4500, 2), operand(dtype, 4500, 2));
        }
    }

    @Example
    void rows() {
        for (int width : new int[] {5, 100, 300, 5000}) {
            Placed x = operand(DType.FLOAT32, 3, width);
            Placed weight = operand(DType.FLOAT32, width);
            run(new Softmax(), x.spec(), x);
            run(new LayerNorm(1e-5f, true, true), x.spec(), x, weight, weight);
            run(new RmsNorm(1e-5f, true), x.spec(), x, weight);
        }
    }
}
