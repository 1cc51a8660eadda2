package org.lazuli.metal.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.metal.lint.KernelLint;
import org.lazuli.spi.Backend;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The lint over kernels that are generated from graphs. There is no end of those, so programs are drawn: every instruction on whatever dtypes come
/// up, on inputs of several layouts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FusedTextsTest {
    private static final int PROGRAMS = 400;
    private static final Shape SHAPE = Shape.of(6, 5);

    private final Backend reference = CpuBackendProvider.plain().open();

    @AfterAll
    void close() {
        reference.close();
    }

    @Test
    void everyGeneratedTextIsInTheSubset() {
        var commands = new RecordingCommands();
        var encoded = 0;
        for (var seed = 0; seed < PROGRAMS; seed++) {
            var program = program(new Random(seed));
            var family = KernelTexts.family(program.kernel(), program.specs());
            if (family != null) {
                family.encode(program.kernel(), program.inputs(), program.outputs(), commands);
                encoded++;
            }
        }
        System.out.println("generated texts: " + commands.texts().size() + " from " + encoded + " programs");
        // The lint must not pass because there is nothing to look at.
        assertTrue(commands.texts().size() > PROGRAMS / 2, commands.texts().size() + " of " + PROGRAMS);
        assertEquals(Map.of(), KernelLint.grammar(commands.texts()));
    }

    /// A program of three to a dozen instructions, each of them defined on the registers that it reads.
    private Case program(Random random) {
        var types = new ArrayList<DType>();
        var inputs = new ArrayList<Tensor>();
        for (var i = 0; i <= random.nextInt(4); i++) {
            var dtype = dtype(random);
            types.add(dtype);
            inputs.add(input(dtype, random));
        }
        var instructions = new ArrayList<FusedElementwise.Instruction>();
        var length = 3 + random.nextInt(10);
        while (instructions.size() < length) {
            var op = op(random);
            var operands = new int[operands(op)];
            for (var i = 0; i < operands.length; i++) {
                operands[i] = random.nextInt(types.size());
            }
            var specs = new ArrayList<TensorSpec>();
            for (var operand : operands) {
                specs.add(new TensorSpec(types.get(operand), SHAPE));
            }
            if (fits(op, specs) && reference.supports(op, specs)) {
                var dtype = result(op, specs);
                instructions.add(new FusedElementwise.Instruction(op, Ints.of(operands), dtype));
                types.add(dtype);
            }
        }
        var last = types.size() - 1;
        var outputs = random.nextBoolean() ? new int[] {last} : new int[] {last, last - 1};
        var results = new ArrayList<Tensor>();
        for (var output : outputs) {
            results.add(RecordingCommands.tensor(types.get(output), 6, 5));
        }
        return new Case(new FusedElementwise(inputs.size(), instructions, Ints.of(outputs)), inputs, results);
    }

    private static DType dtype(Random random) {
        var dtypes = List.of(DType.values());
        var dtype = dtypes.get(random.nextInt(dtypes.size()));
        return dtype == DType.FLOAT64 ? DType.FLOAT32 : dtype;
    }

    private static Tensor input(DType dtype, Random random) {
        var plain = RecordingCommands.tensor(dtype, 6, 5);
        return switch (random.nextInt(3)) {
            case 0 -> plain;
            case 1 -> new Tensor(plain.buffer(), plain.spec(), Ints.of(1, 6), 0);
            default -> new Tensor(plain.buffer(), plain.spec(), Ints.of(0, 1), 0);
        };
    }

    private static Primitive.Elementwise op(Random random) {
        var unary = Primitive.UnaryOp.values();
        var binary = Primitive.BinaryOp.values();
        return switch (random.nextInt(8)) {
            case 0 -> new Primitive.Cast(dtype(random));
            case 1 -> new Primitive.Select();
            case 2 -> new Primitive.Constant(DType.FLOAT32, Float.floatToRawIntBits(random.nextFloat()));
            case 3, 4 -> new Primitive.Unary(unary[random.nextInt(unary.length)]);
            default -> new Primitive.Binary(binary[random.nextInt(binary.length)]);
        };
    }

    private static int operands(Primitive.Elementwise op) {
        return switch (op) {
            case Primitive.Constant _ -> 0;
            case Primitive.Unary _, Primitive.Cast _ -> 1;
            case Primitive.Binary _ -> 2;
            case Primitive.Select _ -> 3;
        };
    }

    private static boolean fits(Primitive.Elementwise op, List<TensorSpec> specs) {
        return switch (op) {
            case Primitive.Binary _ -> specs.get(0).dtype() == specs.get(1).dtype();
            case Primitive.Select _ ->
                specs.get(0).dtype() == DType.BOOL
                        && specs.get(1).dtype() == specs.get(2).dtype();
            default -> true;
        };
    }

    private static DType result(Primitive.Elementwise op, List<TensorSpec> specs) {
        return switch (op) {
            case Primitive.Constant constant -> constant.dtype();
            case Primitive.Cast(DType target) -> target;
            case Primitive.Select() -> specs.get(1).dtype();
            case Primitive.Binary(Primitive.BinaryOp binary) ->
                binary.isComparison() ? DType.BOOL : specs.get(0).dtype();
            case Primitive.Unary(Primitive.UnaryOp unary) ->
                unary(unary, specs.get(0).dtype());
        };
    }

    private static DType unary(Primitive.UnaryOp op, DType dtype) {
        return switch (op) {
            case LOGICAL_NOT -> DType.BOOL;
            case ABS, REAL, IMAG -> dtype.isComplex() ? DType.FLOAT32 : dtype;
            default -> dtype;
        };
    }
}
