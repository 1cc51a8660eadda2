package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Primitive.Scan;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.TensorSpec;

class ScanTest {
    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static void check(Scan scan, Placed x) {
        DType dtype = x.spec().dtype();
        Shape shape = x.spec().shape();
        TensorSpec spec = new TensorSpec(dtype, shape);
        if (!dtype.isInexact() || scan.op() == ScanOp.MAX || scan.op() == ScanOp.MIN) {
            BENCH.get().assertSame(scan, spec, x);
            return;
        }
        assertTrue(BENCH.get().metal.supports(scan, List.of(x.spec())));
        double[] actual = Placed.decode(dtype, BENCH.get().onMetal(scan, spec, x));
        TensorSpec wide = new TensorSpec(DType.FLOAT64, shape);
        double[] expected = Placed.decode(DType.FLOAT64, BENCH.get().onCpu(scan, wide, Operands.wide(x, false)));
        double[] magnitude = scan.op() == ScanOp.LOGADDEXP
                ? null
                : Placed.decode(DType.FLOAT64, BENCH.get().onCpu(scan, wide, Operands.wide(x, true)));
        int length = shape.dim(scan.axis());
        double largest = Arrays.stream(Exact.values(x)).map(Math::abs).max().orElse(0);
        for (int i = 0; i < actual.length; i++) {
            // Each element enters by at most `length` roundings. Of a logarithm, each exponential is off by what its
            // exponent is, and by a few ulp
            // of its own; the sum is relative to the largest element.
            double folded = magnitude != null
                    ? 1.001 * length * Exact.SUMS * magnitude[i]
                    : Exact.SUMS * (4.0 * length + 2 * largest + 2 * Math.abs(expected[i]));
            double allowed =
                    folded + 1.001 * Exact.unit(dtype) * (Math.abs(expected[i]) + folded) + MetalBench.unit(dtype, 0);
            int at = i;
            assertTrue(
                    expected[i] == actual[i] || Math.abs(actual[i] - expected[i]) <= allowed,
                    () -> scan + " of " + x.spec() + x.strides() + " at " + at + " is " + actual[at] + ", not "
                            + expected[at] + ": allowed " + allowed);
        }
    }

    private static Scan scan(ScanOp op, int axis, Random random) {
        return new Scan(op, axis, random.nextBoolean(), random.nextBoolean());
    }

    @Property(tries = 250)
    void anyAxisAndLayout(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.TYPES.get(random.nextInt(Operands.TYPES.size() - 1));
        ScanOp op = ScanOp.values()[random.nextInt(5)];
        Shape shape = Operands.shape(random, 1 << 14);
        Placed x = op == ScanOp.PROD && dtype.isFloating()
                ? Operands.aboutOne(dtype, shape, random)
                : Operands.random(dtype, shape, false, random);
        check(scan(op, random.nextInt(shape.rank()), random), x);
    }

    @Property(tries = 60)
    void specialValues(@ForAll long seed) {
        Random random = new Random(seed);
        DType dtype = Operands.FLOATS.get(random.nextInt(3));
        Shape shape = Operands.shape(random, 1 << 11);
        ScanOp op = List.of(ScanOp.MAX, ScanOp.MIN, ScanOp.LOGADDEXP).get(random.nextInt(3));
        Scan scan = scan(op, random.nextInt(shape.rank()), random);
        Placed x = Operands.special(dtype, shape, random);
        TensorSpec spec = new TensorSpec(dtype, shape);
        if (op == ScanOp.LOGADDEXP) {
            double[] wanted = Placed.decode(dtype, BENCH.get().onCpu(scan, spec, x));
            double[] got = Placed.decode(dtype, BENCH.get().onMetal(scan, spec, x));
            for (int i = 0; i < wanted.length; i++) {
                int at = i;
                assertTrue(
                        Double.isFinite(wanted[i])
                                ? Math.abs(wanted[i] - got[i]) <= 0.01 * Math.max(1, Math.abs(wanted[i]))
                                : Double.compare(wanted[i], got[i]) == 0,
                        () -> scan + " of " + x.spec() + " at " + at + " is " + got[at] + ", not " + wanted[at]);
            }
        } else {
            BENCH.get().assertSame(scan, spec, x);
        }
    }

    /// Long enough to be cut into parts.
    @Example
    void longRows() {
        Random random = new Random(11);
        for (ScanOp op : ScanOp.values()) {
            for (DType dtype : List.of(DType.FLOAT32, DType.INT64, DType.UINT8, DType.BOOL)) {
                if (op == ScanOp.PROD && dtype.isFloating()) {
                    continue;
                }
                check(scan(op, 0, random), Exact.random(dtype, Shape.of(20_011), 1));
                check(
                        scan(op, 0, random),
                        Exact.random(dtype, Shape.of(9001, 2), 2).reversed());
            }
        }
    }

    /// Sums of integers that float32 holds are exact in any order, so that no element is lost or taken twice.
    @Property(tries = 40)
    void exactSums(@ForAll long seed) {
        Random random = new Random(seed);
        Shape shape = Operands.shape(random, 1 << 14);
        Placed x = Operands.random(DType.FLOAT32, shape, true, random);
        BENCH.get().assertSame(scan(ScanOp.SUM, random.nextInt(shape.rank()), random), x.spec(), x);
    }

    @Property(tries = 30)
    void complex(@ForAll long seed) {
        Random random = new Random(seed);
        Shape shape = Operands.shape(random, 1 << 11);
        Placed x = Operands.random(DType.COMPLEX64, shape, true, random);
        Scan scan = scan(ScanOp.SUM, random.nextInt(shape.rank()), random);
        BENCH.get().assertSame(scan, x.spec(), x);
    }

    @Example
    void nothingToDo() {
        for (DType dtype : Operands.TYPES) {
            Placed none = Exact.random(dtype, Shape.of(2, 0), 1);
            BENCH.get().assertSame(new Scan(ScanOp.SUM, 0, false, true), none.spec(), none);
            BENCH.get().assertSame(new Scan(ScanOp.SUM, 1, false, false), none.spec(), none);
        }
    }

    @Example
    void whatFallsBack() {
        TensorSpec complex = new TensorSpec(DType.COMPLEX64, Shape.of(3));
        assertFalse(BENCH.get().metal.supports(new Scan(ScanOp.MAX, 0, false, true), List.of(complex)));
    }
}
