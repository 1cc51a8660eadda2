package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.ArgReduce;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.Reduce;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.TensorSpec;

class ReduceTest {
    /// The longest chain of additions: 64 in a thread, 2 to join its four, 5 in a simdgroup, 5 more or 7 in a threadgroup, and in a second pass as
    /// many as there are parts for a lane. No sum of the tests has more.
    private static final int LONGEST_CHAIN = 64 + 2 + 5 + 7 + 16;

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static boolean isSupported(Kernel kernel, Placed x) {
        return BENCH.get().metal.supports(kernel, MetalBench.specs(x));
    }

    private static int[] axes(Shape shape, Random random) {
        int[] axes = IntStream.range(0, shape.rank())
                .filter(axis -> random.nextBoolean())
                .toArray();
        return axes.length == 0 ? new int[] {random.nextInt(shape.rank())} : axes;
    }

    private static void check(ReduceOp op, Placed x, int... axes) {
        DType dtype = x.spec().dtype();
        Shape shape = Operands.keeping(x.spec().shape(), axes);
        Reduce kernel = new Reduce(op, Ints.of(axes));
        boolean exact = !dtype.isInexact() || op == ReduceOp.MAX || op == ReduceOp.MIN;
        if (exact) {
            BENCH.get().assertSame(kernel, new TensorSpec(dtype, shape), x);
            return;
        }
        assertTrue(isSupported(kernel, x));
        double[] actual = Placed.decode(dtype, BENCH.get().onMetal(kernel, new TensorSpec(dtype, shape), x));
        TensorSpec spec = new TensorSpec(DType.FLOAT64, shape);
        double[] expected = Placed.decode(DType.FLOAT64, BENCH.get().onCpu(kernel, spec, Operands.wide(x, false)));
        double[] magnitude = Placed.decode(DType.FLOAT64, BENCH.get().onCpu(kernel, spec, Operands.wide(x, true)));
        int terms = x.spec().shape().size() / Math.max(shape.size(), 1);
        // Of a product every multiplication rounds once, in whatever order.
        int roundings = op == ReduceOp.SUM ? Math.min(terms, LONGEST_CHAIN) : terms;
        for (int i = 0; i < actual.length; i++) {
            double folded = 1.001 * roundings * Exact.SUMS * magnitude[i];
            double allowed =
                    folded + 1.001 * Exact.unit(dtype) * (Math.abs(expected[i]) + folded) + MetalBench.unit(dtype, 0);
            double error = Math.abs(actual[i] - expected[i]);
            int at = i;
            assertTrue(
                    error <= allowed,
                    () -> kernel + " of " + x.spec() + x.strides() + " at " + at + " is " + actual[at] + ", not "
                            + expected[at] + ": off by " + error + ", allowed " + allowed);
        }
    }

    @Property(tries = 250)
    void anyAxesAndLayout(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.TYPES.get(random.nextInt(Operands.TYPES.size() - 1));
        ReduceOp op = ReduceOp.values()[random.nextInt(4)];
        Shape shape = Operands.shape(random, 1 << 15);
        Placed x = op == ReduceOp.PROD && dtype.isFloating()
                ? Operands.aboutOne(dtype, shape, random)
                : Operands.random(dtype, shape, random.nextInt(4) == 0, random);
        check(op, x, axes(shape, random));
    }

    @Property(tries = 150)
    void positions(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.TYPES.get(random.nextInt(Operands.TYPES.size()));
        Shape shape = Operands.shape(random, 1 << 14);
        int axis = random.nextInt(shape.rank());
        Placed x = dtype.isInexact() && random.nextInt(3) == 0
                ? Operands.special(dtype, shape, random)
                : Operands.random(dtype, shape, random.nextBoolean(), random);
        BENCH.get()
                .assertSame(
                        new ArgReduce(ArgReduceOp.values()[random.nextInt(2)], axis),
                        new TensorSpec(DType.UINT32, Operands.keeping(shape, axis)),
                        x);
    }

    @Property(tries = 60)
    void specialValues(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.FLOATS.get(random.nextInt(3));
        Shape shape = Operands.shape(random, 1 << 12);
        ReduceOp op = ReduceOp.values()[random.nextInt(4)];
        int[] axes = axes(shape, random);
        TensorSpec spec = new TensorSpec(dtype, Operands.keeping(shape, axes));
        Placed x = Operands.special(dtype, shape, random);
        if (op == ReduceOp.MAX || op == ReduceOp.MIN) {
            BENCH.get().assertSame(new Reduce(op, Ints.of(axes)), spec, x);
        } else {
            // Powers of two and a small number: sums differ by roundings, but NaN and infinity come out alike.
            byte[] cpu = BENCH.get().onCpu(new Reduce(ReduceOp.SUM, Ints.of(axes)), spec, x);
            byte[] metal = BENCH.get().onMetal(new Reduce(ReduceOp.SUM, Ints.of(axes)), spec, x);
            double[] wanted = Placed.decode(dtype, cpu);
            double[] got = Placed.decode(dtype, metal);
            for (int i = 0; i < wanted.length; i++) {
                int at = i;
                assertTrue(
                        Double.isFinite(wanted[i]) ? Double.isFinite(got[i]) : Double.compare(wanted[i], got[i]) == 0,
                        () -> x.spec() + " at " + at + " is " + got[at] + ", not " + wanted[at]);
            }
        }
    }

    /// The neutral element, of every operation and dtype.
    @Example
    void emptyAxes() {
        for (DType dtype : Operands.TYPES) {
            Placed none = Exact.random(dtype, Shape.of(3, 0, 2), 1);
            for (ReduceOp op : ReduceOp.values()) {
                Reduce kernel = new Reduce(op, Ints.of(1));
                if (isSupported(kernel, none)) {
                    BENCH.get().assertSame(kernel, new TensorSpec(dtype, Shape.of(3, 1, 2)), none);
                    BENCH.get()
                            .assertSame(new Reduce(op, Ints.of(0, 2)), new TensorSpec(dtype, Shape.of(1, 0, 1)), none);
                }
            }
        }
    }

    @Example
    void scalarsAndSingleElements() {
        for (DType dtype : Operands.TYPES) {
            Placed one = Exact.random(dtype, Shape.of(1, 1), 3);
            for (ReduceOp op : ReduceOp.values()) {
                if (isSupported(new Reduce(op, Ints.of(0)), one)) {
                    BENCH.get().assertSame(new Reduce(op, Ints.of(0)), new TensorSpec(dtype, Shape.of(1, 1)), one);
                    BENCH.get()
                            .assertSame(
                                    new Reduce(op, Ints.of()),
                                    new TensorSpec(dtype, Shape.of()),
                                    Exact.random(dtype, Shape.of(), 4));
                }
            }
        }
    }

    /// Long enough for two passes, by rows and by columns.
    @Example
    void manyElements() {
        Random random = new Random(5);
        for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16, DType.INT64, DType.BOOL)) {
            Placed row = Exact.random(dtype, Shape.of(150_001), 1);
            check(ReduceOp.SUM, row, 0);
            check(ReduceOp.MAX, row.reversed(), 0);
            Placed columns = Exact.random(dtype, Shape.of(4100, 33), 2);
            check(ReduceOp.SUM, columns, 0);
            check(ReduceOp.MIN, columns.transposed(), 0);
            check(ReduceOp.SUM, columns.spread(), 0, 1);
            check(ReduceOp.PROD, dtype.isFloating() ? Operands.aboutOne(dtype, Shape.of(9000), random) : row, 0);
        }
        for (DType dtype : Operands.TYPES) {
            Placed ties = Operands.random(dtype, Shape.of(40_000, 2), true, new Random(7));
            for (ArgReduceOp op : ArgReduceOp.values()) {
                BENCH.get().assertSame(new ArgReduce(op, 0), new TensorSpec(DType.UINT32, Shape.of(1, 2)), ties);
            }
        }
    }

    /// Complex sums and products, part by part.
    @Property(tries = 40)
    void complex(@ForAll long seed) {
        Random random = new Random(seed);
        Shape shape = Operands.shape(random, 1 << 12);
        int[] axes = axes(shape, random);
        Shape result = Operands.keeping(shape, axes);
        int terms = shape.size() / result.size();
        ReduceOp op = random.nextBoolean() ? ReduceOp.SUM : ReduceOp.PROD;
        double[] values = new double[2 * shape.size()];
        for (int i = 0; i < shape.size(); i++) {
            // On the unit circle, that products stay there.
            double angle = random.nextDouble(7);
            values[2 * i] = Math.cos(angle);
            values[2 * i + 1] = Math.sin(angle);
        }
        Placed x = Operands.placed(Placed.of(DType.COMPLEX64, shape, values), random);
        TensorSpec spec = new TensorSpec(DType.COMPLEX64, result);
        Reduce kernel = new Reduce(op, Ints.of(axes));
        double[] expected = Placed.decode(DType.COMPLEX64, BENCH.get().onCpu(kernel, spec, x));
        double[] actual = Placed.decode(DType.COMPLEX64, BENCH.get().onMetal(kernel, spec, x));
        // A sum of numbers of magnitude 1; or a product, each of whose factors has up to 4 roundings.
        double allowed = 1.01
                * Exact.SUMS
                * (op == ReduceOp.SUM ? (double) Math.min(terms, LONGEST_CHAIN) * terms + terms : 4.0 * terms + 2);
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertTrue(
                    Math.abs(expected[i] - actual[i]) <= allowed,
                    () -> kernel + " of " + x.spec() + " at " + at + " is " + actual[at] + ", not " + expected[at]);
        }
    }

    /// Far more accurate than adding up one after another, which would be off by thousands.
    @Example
    void longSumsKeepTheirDigits() {
        int n = 1_000_000;
        double[] values = new double[n];
        Arrays.fill(values, 0.1f);
        Placed x = Placed.of(DType.FLOAT32, Shape.of(n), values);
        byte[] sum = BENCH.get()
                .onMetal(new Reduce(ReduceOp.SUM, Ints.of(0)), new TensorSpec(DType.FLOAT32, Shape.of(1)), x);
        double exact = n * (double) 0.1f;
        double error = Math.abs(Placed.decode(DType.FLOAT32, sum)[0] - exact);
        assertTrue(error <= LONGEST_CHAIN * Exact.SUMS * exact, () -> "off by " + error);
    }

    @Example
    void sameBitsEveryTime() {
        Placed x = Exact.random(DType.FLOAT32, Shape.of(50_000), 1);
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(1));
        Reduce sum = new Reduce(ReduceOp.SUM, Ints.of(0));
        byte[] once = BENCH.get().onMetal(sum, spec, x);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(once, BENCH.get().onMetal(sum, spec, x));
        }
    }

    @Example
    void whatFallsBack() {
        Placed complex = Exact.random(DType.COMPLEX64, Shape.of(3), 1);
        assertFalse(isSupported(new Reduce(ReduceOp.MAX, Ints.of(0)), complex));
        assertFalse(isSupported(new Reduce(ReduceOp.SUM, Ints.of(0)), Exact.random(DType.FLOAT64, Shape.of(3), 1)));
    }
}
