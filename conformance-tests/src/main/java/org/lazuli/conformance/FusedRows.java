package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Random programs of elementwise instructions as one kernel. What they have to give is what the backend's own instructions give one by one, to the
/// bit: so a fused kernel is judged by [StepByStep], and the instructions by their rows.
final class FusedRows {
    static final String NAME = "FusedElementwise";

    private static final List<UnaryOp> FLOATING = List.of(
            UnaryOp.NEGATIVE,
            UnaryOp.ABS,
            UnaryOp.SIN,
            UnaryOp.EXP,
            UnaryOp.TANH,
            UnaryOp.SIGMOID,
            UnaryOp.SQRT,
            UnaryOp.FLOOR,
            UnaryOp.SIGN,
            UnaryOp.ERF);
    private static final List<UnaryOp> COMPLEX = List.of(UnaryOp.NEGATIVE, UnaryOp.CONJUGATE, UnaryOp.SIN, UnaryOp.EXP);
    private static final List<UnaryOp> INTEGER =
            List.of(UnaryOp.NEGATIVE, UnaryOp.ABS, UnaryOp.SIGN, UnaryOp.BITWISE_INVERT);
    private static final List<BinaryOp> ARITHMETIC =
            List.of(BinaryOp.ADD, BinaryOp.MULTIPLY, BinaryOp.SUBTRACT, BinaryOp.DIVIDE);
    private static final List<BinaryOp> ORDERED = List.of(
            BinaryOp.ADD,
            BinaryOp.MULTIPLY,
            BinaryOp.SUBTRACT,
            BinaryOp.DIVIDE,
            BinaryOp.MAXIMUM,
            BinaryOp.MINIMUM,
            BinaryOp.REMAINDER,
            BinaryOp.FLOOR_DIVIDE);
    private static final List<BinaryOp> COMPARISONS = List.of(BinaryOp.LESS, BinaryOp.LESS_EQUAL);

    private FusedRows() {}

    static Row row() {
        return new Row(NAME, Row.ALL, Set.of(Draw.Kind.SPECIAL), true, draw -> draw(draw, draw.shape()));
    }

    /// A program with a reduction behind it.
    static Row reduction() {
        return new Row("FusedReduction", Row.ALL, Set.of(Draw.Kind.SPECIAL), false, FusedRows::reduction);
    }

    private static Case reduction(Draw draw) {
        int rank = draw.choices.between(1, 3);
        int main = draw.choices.between(0, rank - 1);
        Shape shape = draw.shape(main, rank);
        if (shape.dim(main) == 0) {
            shape = shape.with(main, 1);
        }
        Case drawn = draw(draw, shape);
        FusedElementwise all = (FusedElementwise) drawn.kernel();
        int output = all.outputs().get(0);
        FusedElementwise chain = new FusedElementwise(all.inputs(), all.instructions(), Ints.of(output));
        DType dtype = all.instructions().get(output - all.inputs()).dtype();
        ReduceOp op =
                draw.choices.of(dtype.isComplex() ? List.of(ReduceOp.SUM, ReduceOp.PROD) : List.of(ReduceOp.values()));
        return new Case(
                new FusedReduction(chain, new Primitive.Reduce(op, ReductionRows.axes(draw.choices, rank, main))),
                drawn.operands(),
                drawn.judge());
    }

    private static Case draw(Draw draw, Shape shape) {
        Choices choices = draw.choices;
        List<HostTensor> inputs = new ArrayList<>();
        List<DType> types = new ArrayList<>();
        for (int i = choices.between(1, 3); i > 0; i--) {
            inputs.add(draw.anyOrSpecial(draw.dtype, shape));
            types.add(draw.dtype);
        }
        List<Instruction> instructions = new ArrayList<>();
        for (int i = choices.between(1, 6); i > 0; i--) {
            Instruction instruction = instruction(choices, types, draw.dtype);
            instructions.add(instruction);
            types.add(instruction.dtype());
        }
        List<Integer> outputs = new ArrayList<>(List.of(types.size() - 1));
        if (choices.between(0, 2) == 2) {
            outputs.add(choices.between(inputs.size(), types.size() - 1));
        }
        Ints registers = Ints.of(outputs.stream().mapToInt(Integer::intValue).toArray());
        return new Case(new FusedElementwise(inputs.size(), instructions, registers), inputs, Judge.exact(true));
    }

    /// One that is defined on the registers there are.
    private static Instruction instruction(Choices choices, List<DType> types, DType dtype) {
        int a = choices.between(0, types.size() - 1);
        DType type = types.get(a);
        int b = same(choices, types, type);
        return switch (choices.between(0, 5)) {
            case 0 -> unary(choices, a, type);
            case 1 -> {
                int condition = types.indexOf(DType.BOOL);
                yield condition < 0
                        ? new Instruction(new Primitive.Binary(BinaryOp.EQUAL), Ints.of(a, b), DType.BOOL)
                        : new Instruction(new Primitive.Select(), Ints.of(condition, a, b), type);
            }
            case 2 -> {
                List<DType> near = dtype.isInexact()
                        ? List.of(dtype, DType.BOOL)
                        : List.of(DType.INT32, DType.FLOAT32, DType.UINT8, DType.BOOL, dtype);
                // Only from integers to integers, where a conversion is defined for every value.
                DType target = choices.of(near);
                yield type.isInexact() && !target.isInexact() && target != DType.BOOL
                        ? unary(choices, a, type)
                        : new Instruction(new Primitive.Cast(target), Ints.of(a), target);
            }
            case 3 -> {
                BinaryOp op = choices.of(type.isComplex() ? List.of(BinaryOp.EQUAL, BinaryOp.NOT_EQUAL) : COMPARISONS);
                yield new Instruction(new Primitive.Binary(op), Ints.of(a, b), DType.BOOL);
            }
            default -> {
                BinaryOp op = type == DType.BOOL
                        ? choices.of(List.of(BinaryOp.BITWISE_XOR, BinaryOp.BITWISE_OR))
                        : choices.of(type.isComplex() ? ARITHMETIC : ORDERED);
                yield new Instruction(new Primitive.Binary(op), Ints.of(a, b), type);
            }
        };
    }

    private static Instruction unary(Choices choices, int a, DType type) {
        if (type == DType.BOOL) {
            return new Instruction(new Primitive.Unary(UnaryOp.LOGICAL_NOT), Ints.of(a), DType.BOOL);
        }
        UnaryOp op = choices.of(type.isComplex() ? COMPLEX : type.isInexact() ? FLOATING : INTEGER);
        DType result = op == UnaryOp.ABS && type.isComplex() ? DType.FLOAT32 : type;
        return new Instruction(new Primitive.Unary(op), Ints.of(a), result);
    }

    private static int same(Choices choices, List<DType> types, DType type) {
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) == type) {
                candidates.add(i);
            }
        }
        return choices.of(candidates);
    }
}
