package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.TensorSpec;

/// Samples of reductions, scans and sorting.
final class ReductionRows {
    private final Map<String, Row> rows = new TreeMap<>();

    private ReductionRows() {}

    static Map<String, Row> rows() {
        ReductionRows table = new ReductionRows();
        for (ReduceOp op : ReduceOp.values()) {
            table.put("Reduce." + op, choices -> reduce(op, choices));
        }
        for (ArgReduceOp op : ArgReduceOp.values()) {
            table.put("ArgReduce." + op, choices -> along(choices, 1, axis -> new Primitive.ArgReduce(op, axis)));
        }
        for (ScanOp op : ScanOp.values()) {
            table.put("Scan." + op, choices -> scan(op, choices));
        }
        table.put("Sort", choices -> along(choices, 0, Primitive.Sort::new));
        table.put("ArgSort", choices -> along(choices, 0, Primitive.ArgSort::new));
        return table.rows;
    }

    private void put(String name, Function<Choices, Sample> samples) {
        rows.put(name, new Row(DERIVATIVE, samples));
    }

    private static Sample reduce(ReduceOp op, Choices choices) {
        boolean ordered = op == ReduceOp.MAX || op == ReduceOp.MIN;
        Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
        Ints axes = Ints.of(choices.subset(shape.rank()));
        for (int i = 0; ordered && i < axes.size(); i++) {
            shape = shape.with(axes.get(i), Math.max(1, shape.dim(axes.get(i))));
        }
        DType dtype = !ordered && choices.flag() ? DType.COMPLEX64 : choices.real();
        BiFunction<Random, Integer, double[]> values =
                ordered ? Values::separated : op == ReduceOp.PROD ? Values::withZeros : Values::any;
        return sample(choices, new Primitive.Reduce(op, axes), dtype, shape, values)
                .summing();
    }

    private static Sample scan(ScanOp op, Choices choices) {
        Shape shape = Shape.of(choices.dims(1, 3, 0, 4));
        Primitive scan = new Primitive.Scan(op, choices.between(0, shape.rank() - 1), choices.flag(), choices.flag());
        boolean complex = (op == ScanOp.SUM || op == ScanOp.PROD) && choices.flag();
        BiFunction<Random, Integer, double[]> values = switch (op) {
            case SUM, LOGADDEXP -> Values::any;
            case PROD -> Values::withZeros;
            case MAX, MIN -> Values::separated;
        };
        return sample(choices, scan, complex ? DType.COMPLEX64 : choices.real(), shape, values)
                .summing();
    }

    private static Sample along(Choices choices, int minSize, java.util.function.IntFunction<Primitive> instruction) {
        Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
        int axis = choices.between(0, shape.rank() - 1);
        shape = shape.with(axis, Math.max(minSize, shape.dim(axis)));
        return sample(choices, instruction.apply(axis), choices.real(), shape, Values::separated);
    }

    private static Sample sample(
            Choices choices,
            Primitive primitive,
            DType dtype,
            Shape shape,
            BiFunction<Random, Integer, double[]> values) {
        int count = shape.size() * (dtype.isComplex() ? 2 : 1);
        return new Sample(
                primitive.toString(),
                List.of(new TensorSpec(dtype, shape)),
                r -> new double[][] {values.apply(r, count)},
                in -> List.of(finite(ElementwiseRows.inexact(Graph.apply(primitive, in.get(0)), choices.real()))),
                choices.seed());
    }

    /// Exclusive scans begin with the neutral element, which may be infinite.
    private static Array finite(Array x) {
        return x.dtype().isComplex() ? x : Ops.where(x.isinf(), 0, x);
    }
}
