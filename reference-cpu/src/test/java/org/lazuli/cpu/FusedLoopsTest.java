package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

class FusedLoopsTest {
    private static final UnaryOp[] UNARY = {UnaryOp.ABS, UnaryOp.NEGATIVE, UnaryOp.SQRT};
    private static final BinaryOp[] BINARY = {
        BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY, BinaryOp.DIVIDE, BinaryOp.MAXIMUM, BinaryOp.MINIMUM
    };
    private static final BinaryOp[] COMPARISONS = {
        BinaryOp.EQUAL, BinaryOp.NOT_EQUAL, BinaryOp.LESS, BinaryOp.LESS_EQUAL
    };
    private static final float[] SPECIAL = {
        0, -0f, 1, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE
    };

    private final int lanes =
            VectorSupport.get() == null ? 0 : VectorSupport.get().micro().lanes();

    /// A chain of random instructions, choices among them where there are vectors, and one or two results.
    private static FusedElementwise chain(Random random, int inputs, boolean choices) {
        List<Instruction> instructions = new ArrayList<>();
        List<Integer> floats = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            floats.add(i);
        }
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            int a = floats.get(random.nextInt(floats.size()));
            int b = floats.get(random.nextInt(floats.size()));
            int next = inputs + instructions.size();
            switch (random.nextInt(choices ? 6 : 5)) {
                case 0 ->
                    instructions.add(new Instruction(
                            new Primitive.Constant(DType.FLOAT32, Float.floatToRawIntBits(random.nextFloat() - 0.5f)),
                            Ints.of(),
                            DType.FLOAT32));
                case 1 ->
                    instructions.add(new Instruction(
                            new Primitive.Unary(UNARY[random.nextInt(UNARY.length)]), Ints.of(a), DType.FLOAT32));
                case 5 -> {
                    instructions.add(new Instruction(
                            new Primitive.Binary(COMPARISONS[random.nextInt(COMPARISONS.length)]),
                            Ints.of(a, b),
                            DType.BOOL));
                    instructions.add(
                            random.nextBoolean()
                                    ? new Instruction(new Primitive.Select(), Ints.of(next, b, a), DType.FLOAT32)
                                    : new Instruction(new Primitive.Cast(DType.FLOAT32), Ints.of(next), DType.FLOAT32));
                    next++;
                }
                default ->
                    instructions.add(new Instruction(
                            new Primitive.Binary(BINARY[random.nextInt(BINARY.length)]), Ints.of(a, b), DType.FLOAT32));
            }
            floats.add(next);
        }
        int last = inputs + instructions.size() - 1;
        int other = floats.get(inputs + random.nextInt(floats.size() - inputs));
        return new FusedElementwise(
                inputs, instructions, other == last || random.nextBoolean() ? Ints.of(last) : Ints.of(other, last));
    }

    private static double[] values(Random random, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(20) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextFloat() * 4 - 2;
        }
        return values;
    }

    /// An operand of a shape: as it is, in the midst of a buffer, one row for all, one element for each row, or one element.
    private static Tensor operand(Workbench bench, Random random, int rows, int columns) {
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(rows, columns));
        int offset = random.nextInt(9);
        int kind = random.nextInt(5);
        int length = new int[] {rows * columns, rows * columns, columns, rows, 1}[kind];
        Tensor whole = bench.tensor(DType.FLOAT32, Shape.of(length + offset), values(random, length + offset));
        Ints strides = List.of(Ints.of(columns, 1), Ints.of(columns, 1), Ints.of(0, 1), Ints.of(1, 0), Ints.of(0, 0))
                .get(kind);
        return new Tensor(whole.buffer(), spec, strides, kind == 0 ? 0 : offset);
    }

    private static int[] bits(Workbench bench, Tensor tensor) {
        double[] values = bench.values(tensor);
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits((float) values[i]);
        }
        return bits;
    }

    private static List<TensorSpec> specs(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::spec).toList();
    }

    @Property(tries = 150)
    void aLoopGivesTheBitsOfTiles(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int count) {
        var random = new Random(seed);
        try (Workbench bench = new Workbench()) {
            int rows = 1 + random.nextInt(40);
            int columns = 1 + random.nextInt(100);
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                inputs.add(operand(bench, random, rows, columns));
            }
            TensorSpec result = new TensorSpec(DType.FLOAT32, Shape.of(rows, columns));
            for (int width : new int[] {0, lanes}) {
                FusedElementwise chain = chain(random, count, width > 0);
                List<TensorSpec> results =
                        java.util.Collections.nCopies(chain.outputs().size(), result);
                List<Tensor> expected = bench.run(chain, results, inputs.toArray(Tensor[]::new));
                List<Tensor> actual = bench.outputs(results);
                assertTrue(LoopCompiler.takes(chain, specs(inputs), width > 0), chain::toString);
                float[] constants = FusedLoops.constants(chain);
                FusedOperands operands = FusedOperands.of(inputs, actual, constants, rows * columns);
                assertNotNull(operands);
                boolean[] isScalar = new boolean[count];
                for (int i = 0; i < count; i++) {
                    isScalar[i] = (operands.scalarInputs() >>> i & 1) != 0;
                }
                FusedLoop loop = LoopCompiler.compile(chain, isScalar, width);
                int middle = random.nextInt(rows * columns + 1);
                operands.run(loop, 0, middle);
                operands.run(loop, middle, rows * columns);
                for (int i = 0; i < expected.size(); i++) {
                    assertArrayEquals(bits(bench, expected.get(i)), bits(bench, actual.get(i)), chain::toString);
                }
            }
        }
    }

    private static FusedElementwise multiplyAdd() {
        return new FusedElementwise(
                3,
                List.of(
                        new Instruction(new Primitive.Binary(BinaryOp.MULTIPLY), Ints.of(0, 1), DType.FLOAT32),
                        new Instruction(new Primitive.Binary(BinaryOp.ADD), Ints.of(3, 2), DType.FLOAT32)),
                Ints.of(4));
    }

    @Test
    void aChainThatRunsOftenIsHandedOver() throws InterruptedException {
        var random = new Random(1);
        try (Workbench bench = new Workbench()) {
            int n = 20_001;
            Shape shape = Shape.of(n);
            List<Tensor> inputs = List.of(
                    bench.tensor(DType.FLOAT32, shape, values(random, n)),
                    bench.tensor(DType.FLOAT32, shape, values(random, n)),
                    bench.tensor(DType.FLOAT32, shape, values(random, n)));
            List<TensorSpec> results = List.of(new TensorSpec(DType.FLOAT32, shape));
            int[] expected = bits(
                    bench,
                    bench.run(multiplyAdd(), results, inputs.toArray(Tensor[]::new))
                            .getFirst());
            var loops = new FusedLoops(VectorSupport.get());
            FusedLoops.Use use = loops.use(multiplyAdd(), specs(inputs));
            assertNotNull(use);
            List<Tensor> outputs = bench.outputs(results);
            boolean done = false;
            for (int i = 0; i < 1000 && !done; i++) {
                ElementWork work = loops.work(use, inputs, outputs);
                done = work != null;
                if (work != null) {
                    work.run();
                }
                Thread.sleep(done ? 0 : 10);
            }
            assertTrue(done, "no loop after a thousand runs");
            assertArrayEquals(expected, bits(bench, outputs.getFirst()));
            FusedLoops.Use equal = loops.use(multiplyAdd(), specs(inputs));
            assertNotNull(equal);
            assertNotNull(loops.work(equal, inputs, outputs), "an equal chain has to run often again");
        }
    }

    @Test
    void onlyWhatRoundsOnceIsTaken() {
        var loops = new FusedLoops(VectorSupport.get());
        TensorSpec floats = new TensorSpec(DType.FLOAT32, Shape.of(4));
        assertNotNull(loops.use(multiplyAdd(), List.of(floats, floats, floats)));
        TensorSpec halves = new TensorSpec(DType.FLOAT16, Shape.of(4));
        assertNull(loops.use(multiplyAdd(), List.of(floats, floats, halves)));
        FusedElementwise exp = new FusedElementwise(
                1, List.of(new Instruction(new Primitive.Unary(UnaryOp.EXP), Ints.of(0), DType.FLOAT32)), Ints.of(1));
        assertNull(loops.use(exp, List.of(floats)));
    }

    @Test
    void aResultIsNotStoredOverWhatIsStillToBeRead() {
        try (Workbench bench = new Workbench()) {
            TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(3, 100));
            Tensor whole = bench.tensor(DType.FLOAT32, spec.shape(), new double[300]);
            Tensor row = new Tensor(whole.buffer(), spec, Ints.of(0, 1), 0);
            Tensor shifted =
                    new Tensor(whole.buffer(), new TensorSpec(DType.FLOAT32, Shape.of(2, 100)), Ints.of(100, 1), 100);
            Tensor first = new Tensor(whole.buffer(), shifted.spec(), Ints.of(100, 1), 0);
            assertNotNull(FusedOperands.of(List.of(whole), List.of(whole), new float[0], 300));
            assertNull(FusedOperands.of(List.of(row), List.of(whole), new float[0], 300));
            assertNull(FusedOperands.of(List.of(shifted), List.of(first), new float[0], 200));
        }
    }
}
