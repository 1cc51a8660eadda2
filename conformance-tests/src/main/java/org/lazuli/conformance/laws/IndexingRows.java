package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.LayoutRows.Window;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.TensorSpec;

/// Samples of reading and writing with index arrays and slices, and of random bits.
final class IndexingRows {
    private final Map<String, Row> rows = new TreeMap<>();

    private IndexingRows() {}

    static Map<String, Row> rows() {
        IndexingRows table = new IndexingRows();
        table.put("Gather", IndexingRows::gather);
        for (UpdateOp op : UpdateOp.values()) {
            table.put("Scatter." + op, choices -> scatter(op, choices));
            table.put("SliceUpdate." + op, choices -> sliceUpdate(op, choices));
        }
        table.put("RandomBits", IndexingRows::randomBits);
        return table.rows;
    }

    private void put(String name, Function<Choices, Sample> samples) {
        rows.put(name, new Row(DERIVATIVE, samples));
    }

    /// An array, the axes of it that are indexed, and the shape of the index arrays.
    private record Indexed(Shape shape, Ints axes, Shape index) {
        static Indexed of(Choices choices) {
            Shape shape = Shape.of(choices.dims(1, 3, 0, 3));
            Ints axes = Ints.of(choices.subset(shape.rank()));
            for (int i = 0; i < axes.size(); i++) {
                shape = shape.with(axes.get(i), Math.max(1, shape.dim(axes.get(i))));
            }
            return new Indexed(shape, axes, Shape.of(choices.dims(0, 2, 0, 3)));
        }

        List<TensorSpec> operands(DType real, DType indices) {
            List<TensorSpec> specs = new ArrayList<>();
            specs.add(new TensorSpec(real, shape));
            for (int i = 0; i < axes.size(); i++) {
                specs.add(new TensorSpec(indices, index));
            }
            return specs;
        }

        /// The shape of what the index arrays select.
        Shape selected() {
            Shape result = index;
            for (int axis = 0; axis < shape.rank(); axis++) {
                result = axes.contains(axis) ? result : result.concat(Shape.of(shape.dim(axis)));
            }
            return result;
        }

        /// Positions along each indexed axis, negative ones too where the type has them; they may repeat.
        void positions(Random random, boolean negative, double[][] values) {
            for (int i = 0; i < axes.size(); i++) {
                int size = shape.dim(axes.get(i));
                values[i + 1] = new double[index.size()];
                Arrays.setAll(
                        values[i + 1], at -> random.nextInt(size) - (negative && random.nextBoolean() ? size : 0));
            }
        }
    }

    private static final List<DType> INDEX_TYPES = List.of(DType.INT32, DType.UINT32, DType.INT64, DType.UINT8);

    private static Sample gather(Choices choices) {
        Indexed indexed = Indexed.of(choices);
        DType indices = choices.of(INDEX_TYPES);
        Primitive gather = new Primitive.Gather(indexed.axes());
        List<TensorSpec> operands = indexed.operands(choices.real(), indices);
        return sample(choices, gather, operands, r -> {
            double[][] values = new double[operands.size()][];
            values[0] = Values.any(r, indexed.shape().size());
            indexed.positions(r, !indices.isUnsigned(), values);
            return values;
        });
    }

    private static Sample scatter(UpdateOp op, Choices choices) {
        Indexed indexed = Indexed.of(choices);
        DType indices = choices.of(INDEX_TYPES);
        List<TensorSpec> operands = indexed.operands(choices.real(), indices);
        Shape selected = indexed.selected();
        operands.add(new TensorSpec(choices.real(), selected));
        return sample(choices, new Primitive.Scatter(op, indexed.axes()), operands, r -> {
            double[][] values = new double[operands.size()][];
            values[0] = into(op, r, indexed.shape().size());
            indexed.positions(r, !indices.isUnsigned(), values);
            values[values.length - 1] = updates(op, r, selected.size());
            return values;
        });
    }

    private static Sample sliceUpdate(UpdateOp op, Choices choices) {
        Shape shape = Shape.of(choices.dims(0, 3, 0, 4));
        Window window = Window.in(shape, choices);
        return sample(
                choices,
                new Primitive.SliceUpdate(op, window.starts(), window.steps()),
                List.of(new TensorSpec(choices.real(), shape), new TensorSpec(choices.real(), window.shape())),
                r -> new double[][] {
                    into(op, r, shape.size()), updates(op, r, window.shape().size())
                });
    }

    private static double[] into(UpdateOp op, Random random, int count) {
        return switch (op) {
            case SET, ADD -> Values.any(random, count);
            case MULTIPLY -> Values.withZeros(random, count);
            case MAXIMUM, MINIMUM -> Values.separated(random, count, 0);
        };
    }

    private static double[] updates(UpdateOp op, Random random, int count) {
        return switch (op) {
            case MAXIMUM, MINIMUM -> Values.separated(random, count, 1);
            default -> into(op, random, count);
        };
    }

    private static Sample randomBits(Choices choices) {
        Shape keys = Shape.of(choices.dims(0, 2, 0, 2)).concat(Shape.of(2));
        Primitive bits = new Primitive.RandomBits(Shape.of(choices.dims(0, 2, 0, 3)), choices.of(List.of(1, 2, 4)));
        return sample(choices, bits, List.of(new TensorSpec(DType.UINT32, keys)), r ->
                new double[][] {r.ints(keys.size(), 0, 1000).asDoubleStream().toArray()});
    }

    private static Sample sample(
            Choices choices, Primitive primitive, List<TensorSpec> operands, Function<Random, double[][]> values) {
        return new Sample(
                primitive.toString(),
                List.copyOf(operands),
                values,
                in -> List.of(
                        ElementwiseRows.inexact(Graph.apply(primitive, in.toArray(new Array[0])), choices.real())),
                choices.seed());
    }
}
