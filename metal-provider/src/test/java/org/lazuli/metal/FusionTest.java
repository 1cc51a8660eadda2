package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Fused kernels give the bits of their instructions one by one, in any layout.
class FusionTest {
    private static MetalBench bench;

    @BeforeContainer
    @BeforeAll
    static void open() {
        if (bench == null) {
            bench = MetalBench.open();
        }
    }

    @AfterContainer
    @AfterAll
    static void close() {
        if (bench != null) {
            bench.assertNoLeaks();
            bench.close();
            bench = null;
        }
    }

    /// What any device rounds alike: no transcendental functions.
    private static final List<Primitive.Elementwise> EXACT = List.of(
            new Primitive.Binary(BinaryOp.ADD),
            new Primitive.Binary(BinaryOp.SUBTRACT),
            new Primitive.Binary(BinaryOp.MULTIPLY),
            new Primitive.Binary(BinaryOp.DIVIDE),
            new Primitive.Binary(BinaryOp.REMAINDER),
            new Primitive.Binary(BinaryOp.MAXIMUM),
            new Primitive.Binary(BinaryOp.MINIMUM),
            new Primitive.Binary(BinaryOp.LESS),
            new Primitive.Binary(BinaryOp.EQUAL),
            new Primitive.Unary(UnaryOp.NEGATIVE),
            new Primitive.Unary(UnaryOp.ABS),
            new Primitive.Unary(UnaryOp.SQRT),
            new Primitive.Unary(UnaryOp.FLOOR),
            new Primitive.Unary(UnaryOp.LOGICAL_NOT),
            new Primitive.Select());

    private static final DType[] DTYPES = Arrays.stream(DType.values())
            .filter(dtype -> dtype != DType.FLOAT64 && dtype != DType.COMPLEX64)
            .toArray(DType[]::new);

    /// A program of random instructions on random dtypes; a few of its results are stored.
    private static Programs random(Random random, DType[] inputs, int length) {
        Programs programs = new Programs(inputs);
        while (length > 0) {
            Primitive.Elementwise op = switch (random.nextInt(6)) {
                case 0 -> new Primitive.Cast(DTYPES[random.nextInt(DTYPES.length)]);
                case 1 ->
                    new Primitive.Constant(
                            random.nextBoolean() ? DType.FLOAT32 : DType.FLOAT16, random.nextInt() & 0x3FFF_3FFFL);
                default -> EXACT.get(random.nextInt(EXACT.size()));
            };
            int[] operands = operands(random, programs, op);
            if (operands == null || !supported(programs, op, operands)) {
                continue;
            }
            length--;
            if (length == 0 || random.nextInt(4) == 0) {
                programs.output(op, operands);
            } else {
                programs.add(op, operands);
            }
        }
        return programs;
    }

    private static boolean supported(Programs programs, Primitive.Elementwise op, int[] operands) {
        List<TensorSpec> specs = new ArrayList<>();
        for (int operand : operands) {
            specs.add(new TensorSpec(programs.type(operand), Shape.of(1)));
        }
        return bench.cpu.supports(op, specs) && bench.metal.supports(op, specs);
    }

    /// Registers that fit together, or null.
    private static int[] operands(Random random, Programs programs, Primitive.Elementwise op) {
        return switch (op) {
            case Primitive.Constant _ -> new int[0];
            case Primitive.Unary _, Primitive.Cast _ -> new int[] {random.nextInt(programs.size())};
            case Primitive.Binary _ -> pair(random, programs);
            case Primitive.Select() -> {
                int condition = random.nextInt(programs.size());
                int[] pair = pair(random, programs);
                yield programs.type(condition) == DType.BOOL && pair != null
                        ? new int[] {condition, pair[0], pair[1]}
                        : null;
            }
        };
    }

    private static int[] pair(Random random, Programs programs) {
        int a = random.nextInt(programs.size());
        int b = random.nextInt(programs.size());
        return programs.type(a) == programs.type(b) ? new int[] {a, b} : null;
    }

    @Property(tries = 20)
    void equalsItsInstructionsOneByOne(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 14) int length, @ForAll @IntRange(max = 3) int rank) {
        Random random = new Random(seed);
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = 1 + random.nextInt(7);
        }
        Shape shape = Shape.of(dims);
        DType[] types = new DType[1 + random.nextInt(3)];
        Placed[] inputs = new Placed[types.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = DTYPES[random.nextInt(DTYPES.length)];
            inputs[i] = Placed.random(types[i], shape, random.nextLong());
            if (random.nextBoolean()) {
                inputs[i] = inputs[i].layouts().get(random.nextInt(5));
            } else if (rank > 0 && random.nextBoolean()) {
                inputs[i] = inputs[i].repeated(random.nextInt(rank));
            }
        }
        Programs programs = random(random, types, length);
        FusedElementwise kernel = programs.kernel();
        List<TensorSpec> specs = programs.specs(shape);
        List<byte[]> fused = MetalBench.run(bench.metal, kernel, specs, inputs);
        List<byte[]> single = oneByOne(kernel, specs, inputs);
        List<byte[]> cpu = MetalBench.run(bench.cpu, kernel, specs, inputs);
        for (int i = 0; i < fused.size(); i++) {
            DType dtype = specs.get(i).dtype();
            MetalBench.assertClose(dtype, 0, single.get(i), fused.get(i), "fused, against one by one: " + kernel);
            MetalBench.assertClose(dtype, 0, cpu.get(i), fused.get(i), "fused, against the CPU: " + kernel);
        }
    }

    private static List<byte[]> oneByOne(FusedElementwise kernel, List<TensorSpec> specs, Placed... inputs) {
        Shape shape = specs.getFirst().shape();
        List<Tensor> registers = new ArrayList<>();
        for (Placed input : inputs) {
            registers.add(MetalBench.place(bench.metal, input));
        }
        for (FusedElementwise.Instruction instruction : kernel.instructions()) {
            List<Tensor> operands = new ArrayList<>();
            for (int operand : instruction.operands().toArray()) {
                operands.add(registers.get(operand));
            }
            boolean constant = instruction.op() instanceof Primitive.Constant;
            TensorSpec spec = new TensorSpec(instruction.dtype(), constant ? Shape.of() : shape);
            Tensor result = MetalBench.output(bench.metal, spec);
            bench.metal.run(instruction.op(), operands, List.of(result), Stream.DEFAULT);
            registers.add(
                    constant
                            ? new Tensor(result.buffer(), spec.withShape(shape), Ints.fill(shape.rank(), 0), 0)
                            : result);
        }
        List<byte[]> results = new ArrayList<>();
        for (int output : kernel.outputs().toArray()) {
            results.add(MetalBench.read(bench.metal, registers.get(output)));
        }
        registers.forEach(tensor -> bench.metal.release(tensor.buffer()));
        return results;
    }

    @Test
    void anotherConstantNeedsNoOtherKernel() {
        long before = bench.metal.counters().compilations();
        Placed x = Placed.random(DType.FLOAT32, Shape.of(100), 1);
        for (float factor : new float[] {2, 3, 0.1f}) {
            Programs programs = new Programs(DType.FLOAT32);
            int constant = programs.add(new Primitive.Constant(DType.FLOAT32, Float.floatToRawIntBits(factor)));
            programs.output(new Primitive.Binary(BinaryOp.MULTIPLY), 0, constant);
            bench.assertSame(programs.kernel(), x.spec(), x);
        }
        assertEquals(1, bench.metal.counters().compilations() - before);
    }

    @Test
    void productsAndSumsAreRoundedOneByOne() {
        Placed x = Placed.random(DType.FLOAT32, Shape.of(4001), 1);
        Placed y = Placed.random(DType.FLOAT32, Shape.of(4001), 2);
        Placed z = Placed.random(DType.FLOAT32, Shape.of(4001), 3);
        Programs programs = new Programs(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32);
        int product = programs.add(new Primitive.Binary(BinaryOp.MULTIPLY), 0, 1);
        programs.output(new Primitive.Binary(BinaryOp.ADD), product, 2);
        bench.assertSame(programs.kernel(), x.spec(), x, y, z);
    }

    /// More outputs than a kernel has buffers, two of them in place of inputs.
    @Test
    void hasAsManyOutputsAsThereAre() {
        Shape shape = Shape.of(33);
        Programs programs = new Programs(DType.FLOAT32, DType.FLOAT32);
        for (int i = 0; i < 40; i++) {
            programs.output(
                    new Primitive.Binary(i % 2 == 0 ? BinaryOp.ADD : BinaryOp.SUBTRACT), i, i == 0 ? 1 : (i * 7) % i);
        }
        Placed x = Placed.random(DType.FLOAT32, shape, 1);
        Placed y = Placed.random(DType.FLOAT32, shape, 2);
        List<TensorSpec> specs = programs.specs(shape);
        List<byte[]> expected = MetalBench.run(bench.cpu, programs.kernel(), specs, x, y);
        List<Tensor> inputs = List.of(MetalBench.place(bench.metal, x), MetalBench.place(bench.metal, y));
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            outputs.add(
                    i == 3 || i == 39
                            ? Tensor.contiguous(inputs.get(i == 3 ? 0 : 1).buffer(), specs.get(i))
                            : MetalBench.output(bench.metal, specs.get(i)));
        }
        bench.metal.run(programs.kernel(), inputs, outputs, Stream.DEFAULT);
        for (int i = 0; i < specs.size(); i++) {
            assertArrayEquals(expected.get(i), MetalBench.read(bench.metal, outputs.get(i)), "output " + i);
        }
        outputs.forEach(tensor -> bench.metal.release(tensor.buffer()));
    }

    /// The output takes the memory of an input while another input is broadcast over it.
    @Test
    void runsInPlace() {
        Shape shape = Shape.of(65, 33);
        Placed x = Placed.random(DType.FLOAT32, shape, 1);
        Placed row = Placed.random(DType.FLOAT32, shape, 2).repeated(0);
        Primitive.Binary add = new Primitive.Binary(BinaryOp.ADD);
        byte[] expected = bench.onCpu(add, x.spec(), x, row);
        Tensor a = MetalBench.place(bench.metal, x);
        Tensor b = MetalBench.place(bench.metal, row);
        Tensor out = Tensor.contiguous(a.buffer(), x.spec());
        bench.metal.run(add, List.of(a, b), List.of(out), Stream.DEFAULT);
        byte[] actual = new byte[expected.length];
        bench.metal.download(out, MemorySegment.ofArray(actual));
        assertArrayEquals(expected, actual);
        bench.metal.release(a.buffer());
        bench.metal.release(b.buffer());
    }

    @Test
    void emptyArraysRunNothing() {
        long before = bench.metal.counters().dispatches();
        Placed x = Placed.random(DType.FLOAT32, Shape.of(0, 3), 1);
        assertTrue(bench.onMetal(new Primitive.Unary(UnaryOp.EXP), x.spec(), x).length == 0);
        assertEquals(before, bench.metal.counters().dispatches());
    }
}
