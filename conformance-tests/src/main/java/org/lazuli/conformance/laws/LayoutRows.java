package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;
import static org.lazuli.conformance.laws.Rows.Gradient.STOPPED;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Gradient;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.CustomFunction;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Samples of the instructions that move elements or only look at them in another way.
final class LayoutRows {
    private final Map<String, Row> rows = new TreeMap<>();

    private LayoutRows() {}

    static Map<String, Row> rows() {
        LayoutRows table = new LayoutRows();
        table.put("Reshape", LayoutRows::reshape);
        table.put("Transpose", LayoutRows::transpose);
        table.put("Broadcast", LayoutRows::broadcast);
        table.put("Slice", LayoutRows::slice);
        table.put("Windows", LayoutRows::windows);
        table.put("Depends", LayoutRows::depends);
        table.put("Copy", c -> one(c, new Primitive.Copy(), Shape.of(c.dims(0, 3, 0, 3))));
        table.put("Concatenate", LayoutRows::concatenate);
        table.put("Custom", LayoutRows::custom);
        table.put("Element", LayoutRows::custom);
        table.put(STOPPED, "StopGradient", c -> one(c, new Primitive.StopGradient(), Shape.of(c.dims(0, 3, 0, 3))));
        table.put(STOPPED, "Bitcast", LayoutRows::bitcast);
        return table.rows;
    }

    private void put(String name, Function<Choices, Sample> samples) {
        put(DERIVATIVE, name, samples);
    }

    private void put(Gradient gradient, String name, Function<Choices, Sample> samples) {
        rows.put(name, new Row(gradient, samples));
    }

    /// An instruction on one real operand.
    private static Sample one(Choices choices, Primitive primitive, Shape shape) {
        return of(choices, primitive, shape);
    }

    /// An instruction on real operands of these shapes.
    static Sample of(Choices choices, Primitive primitive, Shape... shapes) {
        return new Sample(
                primitive.toString(),
                Arrays.stream(shapes)
                        .map(shape -> new TensorSpec(choices.real(), shape))
                        .toList(),
                r -> Arrays.stream(shapes)
                        .map(shape -> Values.any(r, shape.size()))
                        .toArray(double[][]::new),
                in -> List.of(Graph.apply(primitive, in.toArray(new Array[0]))),
                choices.seed());
    }

    private static Sample reshape(Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 3, 0, 3));
        Shape flat = Shape.of(shape.size());
        int[] reversed = new int[shape.rank()];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = shape.dim(reversed.length - 1 - i);
        }
        Shape spread = Shape.of(1).concat(shape).insert(choices.between(1, shape.rank() + 1), 1);
        return one(choices, new Primitive.Reshape(choices.of(List.of(flat, Shape.of(reversed), spread))), shape);
    }

    private static Sample transpose(Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 4, 0, 3));
        return one(choices, new Primitive.Transpose(Ints.of(choices.permutation(shape.rank()))), shape);
    }

    private static Sample broadcast(Choices choices) {
        Shape target = Shape.of(choices.dims(0, 3, 0, 3));
        Shape from = target.slice(choices.between(0, target.rank()), target.rank());
        for (int axis = 0; axis < from.rank(); axis++) {
            from = choices.flag() ? from.with(axis, 1) : from;
        }
        return one(choices, new Primitive.Broadcast(target), from);
    }

    /// Where a slice begins along each axis, its steps and its shape, at random.
    record Window(Ints starts, Ints steps, Shape shape) {
        static Window in(Shape shape, Choices choices) {
            int[] starts = new int[shape.rank()];
            int[] steps = new int[shape.rank()];
            int[] dims = new int[shape.rank()];
            for (int axis = 0; axis < dims.length; axis++) {
                int size = shape.dim(axis);
                int step = choices.between(1, 3);
                dims[axis] = size == 0 ? 0 : choices.between(0, (size - 1) / step + 1);
                int span = Math.max(dims[axis] - 1, 0) * step;
                int start = dims[axis] == 0 ? 0 : choices.between(0, size - 1 - span);
                boolean backwards = choices.flag();
                starts[axis] = backwards ? start + span : start;
                steps[axis] = backwards ? -step : step;
            }
            return new Window(Ints.of(starts), Ints.of(steps), Shape.of(dims));
        }
    }

    private static Sample slice(Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 3, 0, 4));
        Window window = Window.in(shape, choices);
        return one(choices, new Primitive.Slice(window.starts(), window.steps(), window.shape()), shape);
    }

    private static Sample windows(Choices choices) {
        int size = choices.between(1, 3);
        int dilation = choices.between(1, 2);
        int step = choices.between(1, 3);
        Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
        int axis = choices.between(0, shape.rank() - 1);
        shape = shape.with(axis, (size - 1) * dilation + 1 + choices.between(0, 3));
        return one(choices, new Primitive.Windows(axis, size, step, dilation), shape);
    }

    private static Sample depends(Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 2, 0, 3));
        return choices.flag()
                ? of(choices, new Primitive.Depends(), shape)
                : of(choices, new Primitive.Depends(), shape, Shape.of(choices.dims(0, 2, 0, 3)));
    }

    private static Sample concatenate(Choices choices) {
        Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
        int axis = choices.between(0, shape.rank() - 1);
        List<Shape> shapes = new ArrayList<>();
        for (int i = choices.between(1, 3); i > 0; i--) {
            shapes.add(shape.with(axis, choices.between(0, 3)));
        }
        return of(choices, new Primitive.Concatenate(axis), shapes.toArray(new Shape[0]));
    }

    private static Sample bitcast(Choices choices) {
        Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
        DType same = choices.real() == DType.FLOAT32 ? DType.INT32 : DType.INT64;
        DType dtype = choices.of(List.of(same, DType.UINT16, DType.UINT8));
        Sample bits = one(choices, new Primitive.Bitcast(dtype), shape);
        return new Sample(
                bits.text(),
                bits.operands(),
                bits.values(),
                in -> List.of(ElementwiseRows.inexact(bits.function().apply(in).get(0), choices.real())),
                bits.seed());
    }

    /// A function without rules of its own, with two results.
    private static Sample custom(Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 2, 0, 3));
        CustomFunction function = CustomFunction.of(in ->
                List.of(in.get(0).sin().mul(in.get(1)), in.get(0).add(in.get(1).square())));
        return new Sample(
                "(x, y) -> [sin x * y, x + y * y] as a custom function",
                List.of(new TensorSpec(choices.real(), shape), new TensorSpec(choices.real(), shape)),
                r -> new double[][] {Values.any(r, shape.size()), Values.any(r, shape.size())},
                function,
                choices.seed());
    }
}
