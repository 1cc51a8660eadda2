package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.metal.SimulatorLog;
import org.lazuli.spi.Accelerated.Attention;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Primitive.Gather;
import org.lazuli.spi.Primitive.MatMul;
import org.lazuli.spi.Primitive.Scatter;
import org.lazuli.spi.Primitive.SliceUpdate;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.TensorSpec;

/// Every way that matrix products, convolution, attention and indexing go, where each access to memory and each barrier is tested. Operands lie backwards in
/// memory, and sizes are one more or less than what threadgroups take.
class ProductsCheckModeTest {
    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static Placed operand(DType dtype, int... shape) {
        return Placed.random(dtype, Shape.of(shape), shape[0]).reversed();
    }

    private static void clean(String what) {
        assertEquals("", SimulatorLog.complaints(), what);
    }

    private static void product(Placed a, Placed b) {
        Shape left = a.spec().shape();
        Shape result = left.with(-1, b.spec().shape().dim(-1));
        Exact.check(BENCH.get(), new MatMul(), result, left.dim(-1), a, b);
        clean(a.spec() + " times " + b.spec());
    }

    @Example
    void products() {
        for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16, DType.COMPLEX64)) {
            product(operand(dtype, 2, 5, 7), operand(dtype, 2, 7, 3));
            product(operand(dtype, 2, 33, 17), operand(dtype, 2, 17, 31));
            product(operand(dtype, 9, 600), operand(dtype, 600, 33));
        }
        product(operand(DType.FLOAT32, 255, 17), operand(DType.FLOAT32, 17, 257));
        product(operand(DType.FLOAT32, 256, 16), operand(DType.FLOAT32, 16, 256).transposed());
    }

    @Example
    void vectors() {
        product(operand(DType.FLOAT16, 2, 33, 70), operand(DType.FLOAT16, 2, 70, 1));
        product(operand(DType.FLOAT16, 2, 1, 70), operand(DType.FLOAT16, 2, 70, 33));
        product(operand(DType.FLOAT32, 3, 1500), operand(DType.FLOAT32, 1500, 1));
    }

    @Example
    void convolutions() {
        for (int channels : new int[] {3, 9}) {
            Convolution c = new Convolution(
                    Ints.of(2, 1), Ints.of(1, -1), Ints.of(0, 2), Ints.of(1, 2), Ints.of(1, 2), 2, true);
            Exact.check(
                    BENCH.get(),
                    c,
                    Shape.of(2, 3, 10, 2 * channels),
                    6 * channels,
                    operand(DType.FLOAT32, 2, 7, 6, 2 * channels),
                    operand(DType.FLOAT32, 2 * channels, 3, 2, channels));
            clean(channels + " channels");
        }
    }

    /// What comes out is tested elsewhere.
    @Example
    void attention() {
        for (int queries : new int[] {3, 33}) {
            for (boolean causal : new boolean[] {false, true}) {
                Placed q = operand(DType.FLOAT32, 2, 4, queries, 40);
                Placed k = operand(DType.FLOAT32, 2, 2, 35, 40);
                Placed v = operand(DType.FLOAT32, 2, 2, 35, 33);
                TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(2, 4, queries, 33));
                Attention attention = new Attention(0.1f, causal);
                BENCH.get().onMetal(attention, spec, q, k, v);
                clean(attention + " of " + queries);
                if (!causal) {
                    BENCH.get().onMetal(attention, spec, q, k, v, operand(DType.BOOL, 2, 4, queries, 35));
                    BENCH.get().onMetal(attention, spec, q, k, v, operand(DType.FLOAT32, 2, 4, queries, 35));
                    clean("masked attention of " + queries);
                }
            }
        }
    }

    @Example
    void indexing() {
        for (int count : new int[] {7, ScatterFamily.FEW + 1}) {
            double[] index = new double[count];
            for (int i = 0; i < count; i++) {
                index[i] = i * i % 5 - 5;
            }
            Placed indices = Placed.of(DType.INT16, Shape.of(count), index).reversed();
            Placed x = operand(DType.FLOAT16, 5, 3);
            BENCH.get()
                    .assertSame(new Gather(Ints.of(0)), new TensorSpec(DType.FLOAT16, Shape.of(count, 3)), x, indices);
            for (UpdateOp op : List.of(UpdateOp.SET, UpdateOp.ADD)) {
                BENCH.get()
                        .assertSame(
                                new Scatter(op, Ints.of(0)), x.spec(), x, indices, operand(DType.FLOAT16, count, 3));
            }
            clean(count + " indices");
        }
        BENCH.get()
                .assertSame(
                        new SliceUpdate(UpdateOp.ADD, Ints.of(4, 0), Ints.of(-2, 2)),
                        new TensorSpec(DType.INT8, Shape.of(5, 3)),
                        operand(DType.INT8, 5, 3),
                        operand(DType.INT8, 3, 2));
        clean("slice update");
    }
}
