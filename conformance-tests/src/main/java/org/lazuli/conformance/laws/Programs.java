package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Program.Input;
import org.lazuli.conformance.laws.Program.Layout;
import org.lazuli.conformance.laws.Program.Step;
import org.lazuli.function.Ternary;
import org.lazuli.spi.TensorSpec;

/// Draws [Program]s.
final class Programs {
    /// How many choices a program takes.
    static final int CHOICES = 256;

    /// An operation with its attributes, or null where it does not take such operands.
    @FunctionalInterface
    private interface Operation {
        @Nullable
        Bound bind(Choices choices, Array x, Array y, Array z);
    }

    private record Bound(String text, Ternary function) {}

    private static final List<DType> EXACT =
            Arrays.stream(DType.values()).filter(dtype -> !dtype.isInexact()).toList();

    private Programs() {}

    // ----------------------------------------------------------------------------------------------- programs

    /// Steps that work element by element, on all types, with operands that broadcast: what is fused.
    static Program elementwise(Choices choices) {
        Shape target = Shape.of(choices.rarely(6) ? new int[] {3, 700} : choices.dims(0, 3, 0, 5));
        List<Input> inputs = new ArrayList<>();
        for (int i = choices.between(1, 4); i > 0; i--) {
            Shape shape = target.slice(choices.between(0, target.rank()), target.rank());
            for (int axis = 0; axis < shape.rank(); axis++) {
                shape = choices.rarely(4) ? shape.with(axis, 1) : shape;
            }
            inputs.add(input(choices, choices.of(List.of(DType.values())), shape));
        }
        return program(choices, inputs, ELEMENTWISE);
    }

    /// Steps of all kinds on arrays of a few elements.
    static Program mixed(Choices choices) {
        List<Input> inputs = new ArrayList<>();
        List<DType> dtypes =
                List.of(DType.FLOAT32, DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.FLOAT16, DType.UINT8);
        for (int i = choices.between(1, 3); i > 0; i--) {
            inputs.add(input(choices, choices.of(dtypes), Shape.of(choices.dims(1, 3, 1, 4))));
        }
        List<Operation> operations = new ArrayList<>(ELEMENTWISE);
        operations.addAll(MOVING);
        operations.addAll(MOVING);
        operations.addAll(COMBINING);
        return program(choices, inputs, operations);
    }

    /// Differentiable steps in float64, each of which keeps values within -1 and 1 and does not enlarge their errors.
    static Program smooth(Choices choices) {
        List<Input> inputs = new ArrayList<>();
        for (int i = choices.between(1, 3); i > 0; i--) {
            inputs.add(input(choices, choices.real(), Shape.of(choices.dims(1, 3, 1, 3))));
        }
        List<Operation> operations = new ArrayList<>(SMOOTH);
        operations.addAll(MOVING);
        return program(choices, inputs, operations);
    }

    /// Steps of all kinds on truth values and integers, which have one right result.
    static Program exact(Choices choices) {
        List<Input> inputs = new ArrayList<>();
        for (int i = choices.between(1, 4); i > 0; i--) {
            inputs.add(input(choices, choices.of(EXACT), Shape.of(choices.dims(1, 3, 1, 4))));
        }
        List<Operation> operations = new ArrayList<>(ELEMENTWISE);
        operations.addAll(MOVING);
        operations.addAll(COMBINING);
        List<Operation> exact = operations.stream()
                .<Operation>map(operation -> (c, x, y, z) -> {
                    Bound bound = operation.bind(c, x, y, z);
                    return bound == null
                                    || bound.function().apply(x, y, z).dtype().isInexact()
                            ? null
                            : bound;
                })
                .toList();
        return program(choices, inputs, exact);
    }

    private static Input input(Choices choices, DType dtype, Shape shape) {
        return new Input(new TensorSpec(dtype, shape), choices.of(List.of(Layout.values())));
    }

    private static Program program(Choices choices, List<Input> inputs, List<Operation> operations) {
        Program start = new Program(inputs, List.of(), List.of(), choices.seed());
        List<Array> values = new ArrayList<>(start.draw(0));
        List<Step> steps = new ArrayList<>();
        int attempts = choices.between(3, 30);
        for (int i = 0; i < attempts; i++) {
            Operation operation = choices.of(operations);
            // Late values more often than early ones, so that chains become long.
            List<Integer> operands = List.of(recent(choices, values), recent(choices, values), recent(choices, values));
            Bound bound = operation.bind(
                    choices, values.get(operands.get(0)), values.get(operands.get(1)), values.get(operands.get(2)));
            if (bound != null) {
                Step step = new Step(bound.text(), operands, bound.function());
                Array value = step.apply(values);
                if (value.size() <= 4000) {
                    steps.add(step);
                    values.add(value);
                }
            }
        }
        List<Integer> outputs = new ArrayList<>(List.of(values.size() - 1));
        for (int i = choices.between(0, 2); i > 0; i--) {
            outputs.add(choices.between(0, values.size() - 1));
        }
        return new Program(inputs, steps, outputs, start.seed());
    }

    private static int recent(Choices choices, List<Array> values) {
        int last = values.size() - 1;
        return choices.flag() ? choices.between(Math.max(0, last - 2), last) : choices.between(0, last);
    }

    // --------------------------------------------------------------------------------------------- operations

    private static Operation any(String text, Ternary function) {
        return (c, x, y, z) -> new Bound(text, function);
    }

    private static boolean broadcast(Array x, Array y) {
        int rank = Math.min(x.ndim(), y.ndim());
        for (int i = 1; i <= rank; i++) {
            if (x.dim(-i) != y.dim(-i) && x.dim(-i) != 1 && y.dim(-i) != 1) {
                return false;
            }
        }
        return true;
    }

    private static Operation two(String text, Ternary function) {
        return (c, x, y, z) -> broadcast(x, y) ? new Bound(text, function) : null;
    }

    /// For numbers that have an order: no complex ones.
    private static Operation real(String text, Ternary function) {
        return (c, x, y, z) ->
                broadcast(x, y) && !x.dtype().isComplex() && !y.dtype().isComplex() ? new Bound(text, function) : null;
    }

    private static Operation bits(String text, Ternary function) {
        return (c, x, y, z) ->
                broadcast(x, y) && !DType.promote(x.dtype(), y.dtype()).isInexact() ? new Bound(text, function) : null;
    }

    private static Operation number(String text, Ternary function) {
        return (c, x, y, z) -> x.dtype() == DType.BOOL ? null : new Bound(text, function);
    }

    private static final List<Operation> ELEMENTWISE = List.of(
            two("%1$s.add(%2$s)", (x, y, z) -> x.add(y)),
            two("%1$s.mul(%2$s)", (x, y, z) -> x.mul(y)),
            (c, x, y, z) -> broadcast(x, y) && x.dtype() != DType.BOOL && y.dtype() != DType.BOOL
                    ? new Bound("%1$s.sub(%2$s)", (a, b, d) -> a.sub(b))
                    : null,
            two("%1$s.div(%2$s)", (x, y, z) -> x.div(y)),
            real("maximum(%1$s, %2$s)", (x, y, z) -> Ops.maximum(x, y)),
            real("minimum(%1$s, %2$s)", (x, y, z) -> Ops.minimum(x, y)),
            real("%1$s.remainder(%2$s)", (x, y, z) -> x.remainder(y)),
            real("%1$s.floorDivide(%2$s)", (x, y, z) -> x.floorDivide(y)),
            real("arctan2(%1$s, %2$s)", (x, y, z) -> Ops.arctan2(x, y)),
            real("logaddexp(%1$s, %2$s)", (x, y, z) -> Ops.logaddexp(x, y)),
            real("%1$s.lt(%2$s)", (x, y, z) -> x.lt(y)),
            two("%1$s.eq(%2$s)", (x, y, z) -> x.eq(y)),
            two("%1$s.ne(%2$s)", (x, y, z) -> x.ne(y)),
            two("%1$s.logicalAnd(%2$s)", (x, y, z) -> x.logicalAnd(y)),
            bits("%1$s.bitwiseXor(%2$s)", (x, y, z) -> x.bitwiseXor(y)),
            bits("%1$s.bitwiseOr(%2$s)", (x, y, z) -> x.bitwiseOr(y)),
            (c, x, y, z) -> broadcast(x, y) && broadcast(x, z) && broadcast(y, z)
                    ? new Bound("where(%1$s, %2$s, %3$s)", Ops::where)
                    : null,
            (c, x, y, z) -> {
                DType dtype = c.of(List.of(DType.values()));
                return new Bound("%1$s.astype(" + dtype + ")", (a, b, d) -> a.astype(dtype));
            },
            any("%1$s.abs()", (x, y, z) -> x.abs()),
            any("%1$s.sign()", (x, y, z) -> x.sign()),
            any("%1$s.square()", (x, y, z) -> x.square()),
            any("%1$s.sin()", (x, y, z) -> x.sin()),
            any("%1$s.exp()", (x, y, z) -> x.exp()),
            any("%1$s.tanh()", (x, y, z) -> x.tanh()),
            any("%1$s.abs().sqrt()", (x, y, z) -> x.abs().sqrt()),
            any("%1$s.log()", (x, y, z) -> x.log()),
            any("%1$s.isnan()", (x, y, z) -> x.isnan()),
            any("%1$s.conj().real()", (x, y, z) -> x.conj().real()),
            number("%1$s.neg()", (x, y, z) -> x.neg()),
            number("%1$s.add(3)", (x, y, z) -> x.add(3)),
            number("%1$s.mul(2).add(1)", (x, y, z) -> x.mul(2).add(1)),
            any("sub(0.5, %1$s).mul(-2.5)", (x, y, z) -> Ops.sub(0.5, x).mul(-2.5)),
            (c, x, y, z) -> x.dtype().isComplex()
                    ? null
                    : new Bound(
                            "%1$s.sigmoid().floor()", (a, b, d) -> a.sigmoid().floor()),
            (c, x, y, z) -> x.dtype().isComplex()
                    ? null
                    : new Bound("%1$s.erf().round()", (a, b, d) -> a.erf().round()),
            (c, x, y, z) -> x.dtype().isInteger() ? new Bound("%1$s.leftShift(3)", (a, b, d) -> a.leftShift(3)) : null,
            (c, x, y, z) ->
                    x.dtype().isInteger() ? new Bound("%1$s.bitwiseInvert()", (a, b, d) -> a.bitwiseInvert()) : null);

    private static final List<Operation> MOVING = List.of(
            any("%1$s.transpose()", (x, y, z) -> x.transpose()),
            any("%1$s.flatten()", (x, y, z) -> x.flatten()),
            (c, x, y, z) -> {
                int axis = c.between(0, x.ndim());
                return new Bound("%1$s.expandDims(" + axis + ")", (a, b, d) -> a.expandDims(axis));
            },
            any("%1$s.squeeze()", (x, y, z) -> x.squeeze()),
            along((c, x, axis) -> new Bound("%1$s.flip(" + axis + ")", (a, b, d) -> a.flip(axis))),
            along((c, x, axis) -> {
                Index[] index = {
                    Index.rest(),
                    c.of(List.of(
                            Index.all().step(2),
                            Index.all().step(-1),
                            Index.from(1),
                            Index.span(0, 2),
                            Index.at(-1),
                            Index.newAxis()))
                };
                return x.dim(-1) == 0
                        ? null
                        : new Bound("%1$s.get(rest(), " + index[1] + ")", (a, b, d) -> a.get(index));
            }),
            along((c, x, axis) -> new Bound("%1$s.roll(1, " + axis + ")", (a, b, d) -> a.roll(1, axis))),
            along((c, x, axis) -> new Bound("%1$s.repeat(2, " + axis + ")", (a, b, d) -> a.repeat(2, axis))),
            along((c, x, axis) -> new Bound(
                    "concatenate(%1$s, %1$s.flip(), " + axis + ")",
                    (a, b, d) -> Ops.concatenate(List.of(a, a.flip()), axis))),
            along((c, x, axis) -> x.dim(axis) == 0
                    ? null
                    : new Bound(
                            "%1$s.take(array(0, -1, 0), " + axis + ")",
                            (a, b, d) -> a.take(Ops.array(new int[] {0, -1, 0}), axis))),
            along((c, x, axis) -> {
                int[][] widths = new int[x.ndim()][2];
                widths[axis] = new int[] {1, 2};
                return new Bound("pad(%1$s, 1 before and 2 after along " + axis + ")", (a, b, d) -> Ops.pad(a, widths));
            }),
            (c, x, y, z) -> x.ndim() > 0
                            && x.dim(0) > 0
                            && y.ndim() == x.ndim() - 1
                            && y.shape().equals(x.shape().remove(0))
                    ? new Bound(
                            "%1$s.at(at(0)).set(%2$s)",
                            (a, b, d) -> a.at(Index.at(0)).set(b))
                    : null,
            (c, x, y, z) -> x.ndim() > 0 && x.dim(0) > 0 && y.size() == 1
                    ? new Bound(
                            "%1$s.at(take(0, -1)).set(%2$s)",
                            (a, b, d) -> a.at(Index.take(0, -1)).set(b))
                    : null);

    private static final List<Operation> COMBINING = List.of(
            along((c, x, axis) -> new Bound("%1$s.sum(" + axis + ")", (a, b, d) -> a.sum(axis))),
            along((c, x, axis) ->
                    x.dtype().isComplex() ? null : new Bound("%1$s.mean(" + axis + ")", (a, b, d) -> a.mean(axis))),
            along((c, x, axis) -> x.dim(axis) == 0 || x.dtype().isComplex()
                    ? null
                    : new Bound(
                            "%1$s.max(Axes.of(" + axis + ").keepDims())",
                            (a, b, d) -> a.max(Axes.of(axis).keepDims()))),
            along((c, x, axis) -> new Bound("%1$s.cumsum(" + axis + ")", (a, b, d) -> a.cumsum(axis))),
            along((c, x, axis) ->
                    x.dtype().isComplex() ? null : new Bound("%1$s.sort(" + axis + ")", (a, b, d) -> a.sort(axis))),
            along((c, x, axis) -> x.dim(axis) == 0 || x.dtype().isComplex()
                    ? null
                    : new Bound("%1$s.argmax(" + axis + ")", (a, b, d) -> a.argmax(axis))),
            along((c, x, axis) -> x.dim(axis) == 0 || x.dtype().isComplex()
                    ? null
                    : new Bound("%1$s.softmax(" + axis + ")", (a, b, d) -> a.softmax(axis))),
            (c, x, y, z) -> x.ndim() == 2 && x.dtype().isInexact()
                    ? new Bound("%1$s.matmul(%1$s.transpose())", (a, b, d) -> a.matmul(a.transpose()))
                    : null,
            (c, x, y, z) -> x.ndim() > 0 && x.dim(0) > 1
                    ? new Bound(
                            "%1$s.at(take(1, 0, 1)).add(%1$s's first three)",
                            (a, b, d) -> a.at(Index.take(1, 0, 1)).add(a.get(Index.take(0, 1, 0))))
                    : null);

    private static final List<Operation> SMOOTH = List.of(
            any("%1$s.sin()", (x, y, z) -> x.sin()),
            any("%1$s.tanh()", (x, y, z) -> x.tanh()),
            any("%1$s.sigmoid()", (x, y, z) -> x.sigmoid()),
            any("%1$s.square().mul(0.5)", (x, y, z) -> x.square().mul(0.5)),
            any("%1$s.cos()", (x, y, z) -> x.cos()),
            any("sub(0.5, %1$s).mul(0.5)", (x, y, z) -> Ops.sub(0.5, x).mul(0.5)),
            two("%1$s.add(%2$s).mul(0.5)", (x, y, z) -> x.add(y).mul(0.5)),
            two("%1$s.sub(%2$s).div(2)", (x, y, z) -> x.sub(y).div(2)),
            two("%1$s.mul(%2$s).mul(0.5)", (x, y, z) -> x.mul(y).mul(0.5)),
            (c, x, y, z) -> broadcast(x, y)
                    ? new Bound(
                            "where(%1$s.stopGradient().gt(10), %1$s, %2$s)",
                            (a, b, d) -> Ops.where(a.stopGradient().gt(10), a, b))
                    : null,
            along((c, x, axis) ->
                    x.dim(axis) == 0 ? null : new Bound("%1$s.mean(" + axis + ")", (a, b, d) -> a.mean(axis))),
            along((c, x, axis) -> x.dim(axis) == 0
                    ? null
                    : new Bound(
                            "%1$s.cumsum(" + axis + ").div(" + x.dim(axis) + ")",
                            (a, b, d) -> a.cumsum(axis).div(x.dim(axis)))),
            along((c, x, axis) ->
                    x.dim(axis) == 0 ? null : new Bound("%1$s.softmax(" + axis + ")", (a, b, d) -> a.softmax(axis))),
            along((c, x, axis) -> x.size() == 0
                    ? null
                    : new Bound(
                            "%1$s.logsumexp(" + axis + ").tanh()",
                            (a, b, d) -> a.logsumexp(axis).tanh())),
            (c, x, y, z) -> x.ndim() == 2 && x.dim(1) > 0
                    ? new Bound(
                            "%1$s.matmul(%1$s.transpose()).div(" + 2 * x.dim(1) + ")",
                            (a, b, d) -> a.matmul(a.transpose()).div(2 * x.dim(1)))
                    : null);

    /// Binds an operation to one axis of its operand.
    @FunctionalInterface
    private interface Along {
        @Nullable
        Bound bind(Choices choices, Array x, int axis);
    }

    private static Operation along(Along operation) {
        return (c, x, y, z) -> x.ndim() == 0 ? null : operation.bind(c, x, c.between(0, x.ndim() - 1));
    }
}
