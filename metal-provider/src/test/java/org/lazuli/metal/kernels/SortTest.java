package org.lazuli.metal.kernels;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Primitive.ArgSort;
import org.lazuli.spi.Primitive.Sort;
import org.lazuli.spi.TensorSpec;

class SortTest {
    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    /// Positions tell a stable sort from others, and elements a zero from a negative one.
    private static void check(int axis, Placed x) {
        BENCH.get()
                .assertSame(
                        new ArgSort(axis), new TensorSpec(DType.UINT32, x.spec().shape()), x);
        BENCH.get().assertSame(new Sort(axis), x.spec(), x);
    }

    @Property(tries = 150)
    void anyAxisAndLayout(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.TYPES.get(random.nextInt(Operands.TYPES.size()));
        Shape shape = Operands.shape(random, 1 << 13);
        check(random.nextInt(shape.rank()), Operands.random(dtype, shape, random.nextBoolean(), random));
    }

    @Property(tries = 50)
    void specialValues(@ForAll long seed) {
        Random random = new Random(seed);
        DType[] inexact = {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.COMPLEX64};
        DType dtype = inexact[random.nextInt(4)];
        Shape shape = Operands.shape(random, 1 << 12);
        check(random.nextInt(shape.rank()), Operands.special(dtype, shape, random));
    }

    /// Every bit pattern of 16 bits: infinities, subnormal numbers, each NaN.
    @Example
    void allBits() {
        for (DType dtype : new DType[] {DType.FLOAT16, DType.BFLOAT16, DType.INT16, DType.UINT16}) {
            byte[] bytes = new byte[2 << 16];
            new Random(3).nextBytes(bytes);
            check(0, Placed.contiguous(new TensorSpec(dtype, Shape.of(1 << 16)), bytes));
        }
    }

    /// Blocks to merge, several times over.
    @Example
    void longRows() {
        for (DType dtype : Operands.TYPES) {
            Random random = new Random(5);
            check(0, Operands.random(dtype, Shape.of(10_007), true, random));
            check(0, Operands.random(dtype, Shape.of(4097, 2), false, random));
            check(1, Operands.random(dtype, Shape.of(2, 6000), true, random));
        }
    }

    @Example
    void nothingToDo() {
        for (DType dtype : Operands.TYPES) {
            check(1, Exact.random(dtype, Shape.of(2, 0), 1));
            check(1, Exact.random(dtype, Shape.of(5, 1), 1));
        }
    }
}
