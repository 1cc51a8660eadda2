package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.Gather;
import org.lazuli.spi.Primitive.Scatter;
import org.lazuli.spi.Primitive.SliceUpdate;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.TensorSpec;

/// Bit for bit as the CPU backend: nothing here may differ, not even the order of additions.
class IndexingTest {
    private static final List<DType> TYPES = List.of(
            DType.BOOL,
            DType.UINT8,
            DType.UINT16,
            DType.UINT32,
            DType.UINT64,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.FLOAT16,
            DType.BFLOAT16,
            DType.FLOAT32,
            DType.COMPLEX64);

    private static final List<DType> INDEX_TYPES = TYPES.subList(1, 9);

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    /// Some of the axes, in order.
    private static Ints axes(Random random, int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (random.nextBoolean()) {
                axes.add(axis);
            }
        }
        if (axes.isEmpty()) {
            axes.add(random.nextInt(rank));
        }
        return Ints.of(axes.stream().mapToInt(Integer::intValue).toArray());
    }

    /// For each axis an array of this shape, of any layout; signed ones count from the end now and then.
    private static List<Placed> indices(Random random, DType dtype, Shape x, Ints axes, Shape shape) {
        List<Placed> indices = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            int length = x.dim(axes.get(i));
            double[] values = new double[shape.size()];
            for (int j = 0; j < values.length; j++) {
                int back = !dtype.isUnsigned() && random.nextBoolean() ? length : 0;
                values[j] = random.nextInt(length) - back;
            }
            indices.add(Placed.of(dtype, shape, values).layouts().get(random.nextInt(5)));
        }
        return indices;
    }

    private static Shape rest(Shape x, Ints axes) {
        Shape rest = x;
        for (int i = axes.size() - 1; i >= 0; i--) {
            rest = rest.remove(axes.get(i));
        }
        return rest;
    }

    private static Shape shape(Random random, int rank, int most) {
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = random.nextInt(1, most + 1);
        }
        return Shape.of(dims);
    }

    @Property(tries = 60)
    void gather(@ForAll long seed, @ForAll @IntRange(max = 12) int type) {
        Random random = new Random(seed);
        DType dtype = TYPES.get(type);
        Shape x = shape(random, random.nextInt(1, 4), 6);
        Ints axes = axes(random, x.rank());
        Shape index = shape(random, random.nextInt(0, 3), 9);
        List<Placed> operands = new ArrayList<>();
        operands.add(Exact.random(dtype, x, seed).layouts().get(random.nextInt(5)));
        operands.addAll(indices(random, random.nextBoolean() ? DType.INT32 : DType.UINT16, x, axes, index));
        BENCH.get()
                .assertSame(
                        new Gather(axes),
                        new TensorSpec(dtype, index.concat(rest(x, axes))),
                        operands.toArray(new Placed[0]));
    }

    /// Index arrays of every type, and of different ones together.
    @Example
    void everyTypeOfIndex() {
        Random random = new Random(5);
        Shape x = Shape.of(3, 4, 5);
        Shape index = Shape.of(2, 3);
        for (int i = 0; i < INDEX_TYPES.size(); i++) {
            List<Placed> operands = new ArrayList<>(List.of(Exact.random(DType.INT32, x, i)));
            operands.addAll(indices(random, INDEX_TYPES.get(i), x, Ints.of(1), index));
            operands.addAll(indices(random, INDEX_TYPES.get((i + 3) % 8), x, Ints.of(2), index));
            BENCH.get()
                    .assertSame(
                            new Gather(Ints.of(1, 2)),
                            new TensorSpec(DType.INT32, Shape.of(2, 3, 3)),
                            operands.toArray(new Placed[0]));
        }
    }

    /// Few updates, and so many that they are sorted; most elements are met several times.
    @Property(tries = 80)
    void scatter(
            @ForAll long seed,
            @ForAll @IntRange(max = 12) int type,
            @ForAll @IntRange(max = 4) int operation,
            @ForAll boolean many) {
        Random random = new Random(seed);
        DType dtype = TYPES.get(type);
        Shape x = shape(random, random.nextInt(1, 4), 5);
        Ints axes = axes(random, x.rank());
        Shape index = many
                ? Shape.of(random.nextInt(2, 5), random.nextInt(ScatterFamily.FEW / 2 + 1, 100))
                : shape(random, random.nextInt(0, 3), 9);
        Shape updates = index.concat(rest(x, axes));
        List<Placed> operands = new ArrayList<>();
        operands.add(Exact.random(dtype, x, seed).layouts().get(random.nextInt(5)));
        operands.addAll(indices(random, random.nextBoolean() ? DType.INT32 : DType.UINT16, x, axes, index));
        operands.add(moderate(dtype, updates, seed + 1).layouts().get(random.nextInt(5)));
        BENCH.get()
                .assertSame(
                        new Scatter(UpdateOp.values()[operation], axes),
                        new TensorSpec(dtype, x),
                        operands.toArray(new Placed[0]));
    }

    /// Numbers near one, whose long products neither vanish nor overflow.
    private static Placed moderate(DType dtype, Shape shape, long seed) {
        if (!dtype.isInexact()) {
            return Exact.random(dtype, shape, seed);
        }
        Random random = new Random(seed);
        double[] values = new double[shape.size() * (dtype.isComplex() ? 2 : 1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextBoolean() ? 1 : -1) * random.nextDouble(0.5, 1.3);
        }
        return Placed.of(dtype, shape, values);
    }

    /// The largest and the smallest of special numbers, signed zeros and NaN among them, in every order.
    @Example
    void extremesOfSpecialNumbers() {
        double[] special = {
            0.0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p-24, -0x1p-24
        };
        int n = special.length;
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.COMPLEX64)) {
            int width = dtype.isComplex() ? 2 : 1;
            double[] x = new double[n * n * width];
            double[] u = new double[n * n * width];
            double[] index = new double[n * n];
            for (int i = 0; i < n * n; i++) {
                index[i] = i;
                for (int part = 0; part < width; part++) {
                    x[i * width + part] = special[(i / n + part) % n];
                    u[i * width + part] = special[(i % n + part) % n];
                }
            }
            Shape shape = Shape.of(n * n);
            TensorSpec spec = new TensorSpec(dtype, shape);
            for (UpdateOp op : List.of(UpdateOp.MAXIMUM, UpdateOp.MINIMUM)) {
                BENCH.get()
                        .assertSame(
                                new Scatter(op, Ints.of(0)),
                                spec,
                                Placed.of(dtype, shape, x),
                                Placed.of(DType.INT32, shape, index),
                                Placed.of(dtype, shape, u));
                BENCH.get()
                        .assertSame(
                                new SliceUpdate(op, Ints.of(0), Ints.of(1)),
                                spec,
                                Placed.of(dtype, shape, x),
                                Placed.of(dtype, shape, u));
            }
        }
    }

    /// Whole rows of a matrix, as an embedding and its gradient.
    @Example
    void rows() {
        Random random = new Random(7);
        double[] index = new double[400];
        for (int i = 0; i < index.length; i++) {
            index[i] = random.nextInt(9) * random.nextInt(9);
        }
        Placed indices = Placed.of(DType.INT64, Shape.of(4, 100), index);
        Placed table = Exact.random(DType.FLOAT32, Shape.of(70, 33), 1);
        Placed updates = Exact.random(DType.FLOAT32, Shape.of(4, 100, 33), 2);
        BENCH.get()
                .assertSame(
                        new Gather(Ints.of(0)), new TensorSpec(DType.FLOAT32, Shape.of(4, 100, 33)), table, indices);
        for (UpdateOp op : List.of(UpdateOp.SET, UpdateOp.ADD)) {
            BENCH.get()
                    .assertSame(
                            new Scatter(op, Ints.of(0)),
                            new TensorSpec(DType.FLOAT32, Shape.of(70, 33)),
                            table,
                            indices,
                            updates);
        }
    }

    @Property(tries = 60)
    void sliceUpdate(
            @ForAll long seed, @ForAll @IntRange(max = 12) int type, @ForAll @IntRange(max = 4) int operation) {
        Random random = new Random(seed);
        DType dtype = TYPES.get(type);
        int rank = random.nextInt(0, 4);
        int[] dims = new int[rank];
        int[] region = new int[rank];
        int[] starts = new int[rank];
        int[] steps = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = random.nextInt(1, 9);
            int step = random.nextInt(1, 4);
            region[axis] = random.nextInt(0, (dims[axis] - 1) / step + 2);
            int span = Math.max(region[axis] - 1, 0) * step;
            int first = random.nextInt(dims[axis] - span);
            boolean backwards = random.nextBoolean();
            starts[axis] = backwards ? first + span : first;
            steps[axis] = backwards ? -step : step;
        }
        BENCH.get()
                .assertSame(
                        new SliceUpdate(UpdateOp.values()[operation], Ints.of(starts), Ints.of(steps)),
                        new TensorSpec(dtype, Shape.of(dims)),
                        Exact.random(dtype, Shape.of(dims), seed).layouts().get(random.nextInt(5)),
                        Exact.random(dtype, Shape.of(region), seed + 1)
                                .layouts()
                                .get(random.nextInt(5)));
    }

    /// The same updates give the same bits, whatever threads do first.
    @Example
    void sameBitsEveryTime() {
        Random random = new Random(3);
        double[] index = random.ints(1000, 0, 5).asDoubleStream().toArray();
        Placed x = Exact.random(DType.FLOAT32, Shape.of(5), 1);
        Placed indices = Placed.of(DType.UINT8, Shape.of(1000), index);
        Placed updates = Exact.random(DType.FLOAT32, Shape.of(1000), 2);
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(5));
        Kernel add = new Scatter(UpdateOp.ADD, Ints.of(0));
        byte[] once = BENCH.get().onMetal(add, spec, x, indices, updates);
        for (int i = 0; i < 5; i++) {
            assertArrayEquals(once, BENCH.get().onMetal(add, spec, x, indices, updates));
        }
    }

    private static void assertOutOfBounds(Kernel kernel, Shape result, Placed... operands) {
        TensorSpec spec = new TensorSpec(operands[0].spec().dtype(), result);
        String expected = message(BENCH.get().cpu, kernel, spec, operands);
        assertEquals(expected, message(BENCH.get().metal, kernel, spec, operands));
        // The next kernel is none the worse.
        BENCH.get()
                .assertSame(
                        new Gather(Ints.of(0)),
                        new TensorSpec(DType.INT32, Shape.of(1)),
                        Placed.of(DType.INT32, Shape.of(2), 5, 6),
                        Placed.of(DType.INT32, Shape.of(1), 1));
    }

    private static String message(Backend backend, Kernel kernel, TensorSpec spec, Placed... operands) {
        return String.valueOf(assertThrows(
                        IndexOutOfBoundsException.class, () -> MetalBench.run(backend, kernel, List.of(spec), operands))
                .getMessage());
    }

    @Example
    void outOfBounds() {
        Placed x = Exact.random(DType.FLOAT32, Shape.of(5, 4), 1);
        Placed update = Exact.random(DType.FLOAT32, Shape.of(2, 4), 2);
        Placed both = Placed.of(DType.INT32, Shape.of(2), 7, -6);
        Placed huge = Placed.contiguous(
                new TensorSpec(DType.UINT64, Shape.of(2)),
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1});
        Placed small = Placed.of(DType.INT8, Shape.of(2), 0, -6);
        for (Placed index : List.of(both, huge, small)) {
            assertOutOfBounds(new Gather(Ints.of(0)), Shape.of(2, 4), x, index);
            assertOutOfBounds(new Scatter(UpdateOp.ADD, Ints.of(0)), Shape.of(5, 4), x, index, update);
        }
        // The first axis is checked first, wherever the bad index is.
        Placed good = Placed.of(DType.INT32, Shape.of(2), 0, 1);
        assertOutOfBounds(new Gather(Ints.of(0, 1)), Shape.of(2), x, good, both);
        assertOutOfBounds(new Gather(Ints.of(0, 1)), Shape.of(2), x, small, both);
        // There is nothing to read, and still an index that is wrong.
        assertOutOfBounds(new Gather(Ints.of(0)), Shape.of(2, 0), Exact.random(DType.FLOAT32, Shape.of(5, 0), 1), both);
        assertOutOfBounds(new Gather(Ints.of(0)), Shape.of(2, 4), Exact.random(DType.FLOAT32, Shape.of(0, 4), 1), good);
    }

    @Example
    void sliceOutOfBounds() {
        assertOutOfBounds(
                new SliceUpdate(UpdateOp.SET, Ints.of(4, 0), Ints.of(1, 1)),
                Shape.of(5, 4),
                Exact.random(DType.FLOAT32, Shape.of(5, 4), 1),
                Exact.random(DType.FLOAT32, Shape.of(2, 4), 2));
    }

    @Example
    void nothingToDo() {
        Placed x = Exact.random(DType.FLOAT32, Shape.of(5, 4), 1);
        Placed none = Exact.random(DType.INT32, Shape.of(0), 1);
        BENCH.get().assertSame(new Gather(Ints.of(0)), new TensorSpec(DType.FLOAT32, Shape.of(0, 4)), x, none);
        BENCH.get()
                .assertSame(
                        new Scatter(UpdateOp.ADD, Ints.of(0)),
                        new TensorSpec(DType.FLOAT32, Shape.of(5, 4)),
                        x,
                        none,
                        Exact.random(DType.FLOAT32, Shape.of(0, 4), 1));
        Placed empty = Exact.random(DType.FLOAT32, Shape.of(5, 0), 1);
        Placed good = Placed.of(DType.INT32, Shape.of(2), 0, 1);
        BENCH.get().assertSame(new Gather(Ints.of(0)), new TensorSpec(DType.FLOAT32, Shape.of(2, 0)), empty, good);
    }
}
