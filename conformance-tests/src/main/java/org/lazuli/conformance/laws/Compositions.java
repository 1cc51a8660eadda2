package org.lazuli.conformance.laws;

import static org.lazuli.Index.all;
import static org.lazuli.Index.at;
import static org.lazuli.Index.newAxis;
import static org.lazuli.Index.rest;
import static org.lazuli.Index.span;
import static org.lazuli.Index.take;
import static org.lazuli.Index.where;
import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.ConvOptions;
import org.lazuli.ConvolveMode;
import org.lazuli.DType;
import org.lazuli.GridIndexing;
import org.lazuli.Index;
import org.lazuli.Linalg;
import org.lazuli.Ops;
import org.lazuli.PadMode;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Binary;
import org.lazuli.function.Nary;
import org.lazuli.function.Ternary;
import org.lazuli.function.Unary;
import org.lazuli.spi.TensorSpec;

/// Operations of the public interface that are made of several instructions, in the forms where their rules have corners: operands that broadcast, axes of
/// size 1, an operand that is used twice, results that do not depend on an operand.
final class Compositions {
    private final Map<String, Row> rows = new TreeMap<>();

    private Compositions() {}

    static Map<String, Row> rows() {
        Compositions table = new Compositions();
        table.broadcasting();
        table.reductions();
        table.layout();
        table.indexing();
        table.updates();
        table.contractions();
        table.several();
        return table.rows;
    }

    private void broadcasting() {
        for (Map.Entry<String, Binary> entry : Map.<String, Binary>of(
                        "add", Array::add,
                        "sub", Array::sub,
                        "mul", Array::mul,
                        "div", (x, y) -> x.div(y.square().add(0.5)),
                        "maximum", Ops::maximum,
                        "logaddexp", Ops::logaddexp,
                        "arctan2", (x, y) -> Ops.arctan2(x, y.square().add(0.5)),
                        "where", (x, y) -> Ops.where(x.gt(0.01), y, x.mul(y)))
                .entrySet()) {
            rows.put(
                    "broadcast " + entry.getKey(),
                    new Row(DERIVATIVE, choices -> broadcast(entry.getValue(), choices)));
        }
        unary("full of an array", (r, n) -> Values.any(r, n), x -> Ops.full(Shape.of(2, 3), x), Shape.of(3));
        unary("x used twice", Values::any, x -> x.mul(x).add(x), Shape.of(2, 2));
        unary(
                "x with a number",
                Values::any,
                x -> Ops.sub(2, x).mul(3).div(4).add(x.square().add(1).pow(1.5)),
                Shape.of(3));
        unary("clip", Values::separated, x -> x.clip(-0.53, 0.57), Shape.of(5));
        unary(
                "nanToNum",
                Values::any,
                x -> x.astype(DType.FLOAT32).nanToNum().astype(DType.FLOAT64),
                Shape.of(3),
                Sample.SINGLE);
        unary("degrees, radians", Values::any, x -> x.degrees().mul(x.radians()), Shape.of(3));
        unary("reciprocal", Values::any, x -> x.square().add(0.5).reciprocal(), Shape.of(3));
        unary(
                "stopGradient in a product",
                Values::any,
                x -> x.sin().mul(x.gt(5).stopGradient().astype(DType.FLOAT64).add(1)),
                Shape.of(3));
    }

    /// Two shapes that broadcast, at random.
    private static Sample broadcast(Binary function, Choices choices) {
        Shape target = Shape.of(choices.dims(0, 3, 0, 3));
        Shape[] shapes = new Shape[2];
        for (int i = 0; i < 2; i++) {
            Shape shape = target.slice(choices.between(0, target.rank()), target.rank());
            for (int axis = 0; axis < shape.rank(); axis++) {
                shape = choices.flag() ? shape.with(axis, 1) : shape;
            }
            shapes[i] = shape;
        }
        return new Sample(
                "an operation that broadcasts",
                specs(shapes),
                r -> new double[][] {Values.separated(r, shapes[0].size(), 0), Values.separated(r, shapes[1].size(), 1)
                },
                in -> List.of(function.apply(in.get(0), in.get(1))),
                choices.seed());
    }

    private void reductions() {
        Shape shape = Shape.of(2, 3);
        unary("softmax", Values::any, x -> x.softmax(-1), shape);
        unary("softmax of all", Values::any, x -> x.softmax(), shape);
        unary("logsumexp", Values::any, x -> x.logsumexp(Axes.of(0).keepDims()), shape);
        unary("logsumexp of one element", Values::any, x -> x.logsumexp(1), Shape.of(2, 1));
        unary(
                "log softmax of one element",
                Values::any,
                x -> x.sub(x.logsumexp(Axes.of(1).keepDims())),
                Shape.of(2, 1));
        unary("mean", Values::any, x -> x.mean(1), shape);
        unary("var", Values::any, x -> x.var(Axes.of(0), 1), shape);
        unary("std", Values::separated, x -> x.std(-1), shape);
        unary("norm", Values::separated, x -> Linalg.norm(x, Axes.of(1)), shape);
        unary("norm of order 3", Values::separated, x -> Linalg.norm(x, 3, Axes.of(1)), shape);
        unary("matrix norm", Values::separated, x -> Linalg.norm(x, 1, Axes.of(0, 1)), shape);
        unary("median", Values::separated, x -> x.median(1), Shape.of(2, 4));
        unary(
                "median over axes of size 1",
                Values::separated,
                x -> x.median(Axes.of(-1, -3).keepDims()),
                Shape.of(1, 4, 1));
        unary("prod of all", Values::withZeros, x -> x.prod(), shape);
        unary("max of two axes", Values::separated, x -> x.max(0, 2), Shape.of(2, 2, 2));
        unary("topk", Values::separated, x -> x.topk(2, -1), shape);
        unary("diff", Values::any, x -> x.diff(2, 1), Shape.of(2, 4));
        unary("trace", Values::any, x -> x.trace(1, 0, 1), Shape.of(3, 3));
        unary("sum of nothing", Values::any, x -> x.sum(1), Shape.of(2, 0));
    }

    private void layout() {
        unary("roll", Values::any, x -> x.roll(-2, 1), Shape.of(2, 3));
        unary("tile", Values::any, x -> x.tile(2, 1, 3), Shape.of(2, 2));
        unary("repeat", Values::any, x -> x.repeat(3, 0), Shape.of(2, 2));
        unary("flip", Values::any, x -> x.flip(0, 2), Shape.of(2, 1, 3));
        unary("tril, triu", Values::any, x -> x.tril(-1).add(x.triu(1).square()), Shape.of(3, 3));
        unary("diag of a vector", Values::any, x -> x.diag(-1), Shape.of(3));
        unary("diagonal", Values::any, x -> x.diagonal(1, 1, 2), Shape.of(2, 3, 3));
        unary("pad", Values::any, x -> Ops.pad(x, new int[][] {{1, 2}, {0, 1}}), Shape.of(2, 2));
        for (PadMode mode : PadMode.values()) {
            unary("pad " + mode, Values::any, x -> Ops.pad(x, new int[][] {{2, 1}, {0, 3}}, mode), Shape.of(3, 2));
        }
        binary(
                "pad with an array",
                Values::any,
                (x, y) -> Ops.pad(x, new int[][] {{1, 1}}, y),
                Shape.of(2),
                Shape.SCALAR);
        unary(
                "meshgrid",
                Values::any,
                x -> Ops.meshgrid(List.of(x, x.sin()), GridIndexing.XY, false).get(1),
                Shape.of(3));
        unary("asStrided", Values::any, x -> Ops.asStrided(x, Shape.of(3, 2), new int[] {1, 2}, 1), Shape.of(6));
        unary(
                "slidingWindows",
                Values::any,
                x -> x.slidingWindows(0, 2, 1).mul(x.slidingWindows(0, 2, 1).flip(1)),
                Shape.of(4));
        unary("split and stack", Values::any, x -> Ops.stack(x.split(3, 1).reversed(), -1), Shape.of(2, 3));
        unary(
                "squeeze, expandDims",
                Values::any,
                x -> x.squeeze(1).expandDims(0, 3).square(),
                Shape.of(2, 1, 2));
        unary("moveaxis, swapaxes", Values::any, x -> x.moveaxis(0, -1).swapaxes(0, 1), Shape.of(2, 1, 3));
    }

    private void indexing() {
        unary("every second, leaving one", Values::any, x -> x.get(rest(), all().step(2)), Shape.of(2, 2));
        unary("backwards, one element", Values::any, x -> x.get(rest(), all().step(-1)), Shape.of(2, 1));
        unary("backwards", Values::any, x -> x.get(rest(), all().step(-2), newAxis()), Shape.of(2, 3));
        unary("a position and a span", Values::any, x -> x.get(at(-1), span(1, 3)), Shape.of(2, 4));
        unary("an empty span", Values::any, x -> x.get(span(2, 1)), Shape.of(3));
        unary("index arrays apart", Values::any, x -> x.get(take(0, -1), all(), take(1, 1)), Shape.of(2, 3, 2));
        unary(
                "index arrays that broadcast",
                Values::any,
                x -> x.get(take(Ops.array(new int[][] {{0}, {2}})), take(1, 0)),
                Shape.of(3, 2));
        unary("an index array and a span", Values::any, x -> x.get(Index.from(1), take(1, 1, 0)), Shape.of(3, 2));
        unary(
                "take of the flattened array",
                Values::any,
                x -> x.take(Ops.array(new int[][] {{5, 0}, {-1, 0}})),
                Shape.of(2, 3));
        unary(
                "takeAlongAxis",
                Values::any,
                x -> x.takeAlongAxis(Ops.array(new int[][] {{1, 1, 0}}), 0),
                Shape.of(2, 3));
        unary(
                "slice from a start in an array",
                Values::any,
                x -> Ops.slice(x, Ops.array(new int[] {1, 0}), new int[] {1, 0}, Shape.of(2, 2)),
                Shape.of(2, 3));
    }

    private void updates() {
        binary("set a span", Values::any, (x, y) -> x.at(span(1, 3)).set(y), Shape.of(4, 2), Shape.of(2));
        binary(
                "set every second, backwards",
                Values::any,
                (x, y) -> x.at(all().step(-2)).set(y),
                Shape.of(5),
                Shape.of(3));
        binary(
                "set with repeated positions",
                Values::any,
                (x, y) -> x.at(take(1, 0, 1)).set(y),
                Shape.of(3),
                Shape.of(3));
        binary(
                "set where",
                Values::separated,
                (x, y) -> x.at(where(Ops.array(new boolean[] {true, false, true})))
                        .set(y),
                Shape.of(3),
                Shape.of(2));
        binary(
                "add to repeated positions",
                Values::any,
                (x, y) -> x.at(take(1, 0, 1), Index.to(1)).add(y),
                Shape.of(3, 2),
                Shape.of(3, 1));
        binary(
                "multiply repeated positions",
                Values::withZeros,
                (x, y) -> x.at(take(1, 0, 1)).mul(y),
                Shape.of(3),
                Shape.of(3));
        binary("subtract", Values::any, (x, y) -> x.at(rest(), at(1)).sub(y), Shape.of(2, 2), Shape.of(2));
        binary("divide", Values::any, (x, y) -> x.at(take(0, 0)).div(y.square().add(0.5)), Shape.of(2), Shape.of(2));
        rows.put(
                "maximum of repeated positions",
                row(lanes(2), in -> List.of(in.get(0).at(take(1, 0, 1)).max(in.get(1))), Shape.of(3), Shape.of(3)));
        rows.put(
                "minimum of a span",
                row(lanes(2), in -> List.of(in.get(0).at(Index.from(1)).min(in.get(1))), Shape.of(3), Shape.of(2)));
        binary(
                "putAlongAxis",
                Values::any,
                (x, y) -> x.putAlongAxis(Ops.array(new int[][] {{1, 0, 1}}), y, 0),
                Shape.of(2, 3),
                Shape.of(1, 3));
        binary(
                "sliceUpdate at a start in an array",
                Values::any,
                (x, y) -> Ops.sliceUpdate(x, y, Ops.array(new int[] {1}), new int[] {0}),
                Shape.of(3, 2),
                Shape.of(2, 2));
    }

    private void contractions() {
        ternary("addmm", (x, y, z) -> Ops.addmm(z, x, y, 0.5, 2), Shape.of(2, 3), Shape.of(3, 2), Shape.of(2));
        ternary("addmm of a scalar", (x, y, z) -> Ops.addmm(z, x, y), Shape.of(2, 3), Shape.of(3, 2), Shape.SCALAR);
        binary("matmul of vectors", Values::any, Array::matmul, Shape.of(3), Shape.of(3));
        binary("matmul of a vector and matrices", Values::any, Array::matmul, Shape.of(3), Shape.of(2, 3, 2));
        binary("matmul of matrices and a vector", Values::any, Array::matmul, Shape.of(2, 2, 3), Shape.of(3));
        binary("matmul that broadcasts", Values::any, Array::matmul, Shape.of(2, 1, 2, 3), Shape.of(3, 3, 2));
        binary("matmul with one matrix", Values::any, Array::matmul, Shape.of(2, 2, 3), Shape.of(3, 2));
        unary("matmul with itself", Values::any, x -> x.matmul(x.transpose()), Shape.of(2, 3));
        binary("inner", Values::any, Ops::inner, Shape.of(2, 3), Shape.of(2, 3));
        binary("outer", Values::any, Ops::outer, Shape.of(2, 2), Shape.of(3));
        binary("kron", Values::any, Ops::kron, Shape.of(2, 2), Shape.of(3));
        binary("vecdot", Values::any, (x, y) -> Ops.vecdot(x, y, 0), Shape.of(3, 2), Shape.of(3, 2));
        binary(
                "tensordot",
                Values::any,
                (x, y) -> Ops.tensordot(x, y, new int[] {0, 2}, new int[] {1, 0}),
                Shape.of(2, 2, 3),
                Shape.of(3, 2));
        binary(
                "conv1d in groups",
                Values::any,
                (x, y) -> Ops.conv1d(x, y, 2, 3, 1, 2),
                Shape.of(2, 3, 4),
                Shape.of(2, 2, 2));
        binary(
                "conv2d with wide padding",
                Values::any,
                (x, y) -> Ops.conv2d(x, y, 1, 3),
                Shape.of(1, 2, 2, 1),
                Shape.of(1, 2, 2, 1));
        binary(
                "conv with uneven padding",
                Values::any,
                (x, y) -> Ops.convGeneral(
                        x,
                        y,
                        ConvOptions.DEFAULT
                                .padding(new int[] {0, 3}, new int[] {2, 1})
                                .stride(2, 1)),
                Shape.of(1, 3, 2, 2),
                Shape.of(2, 2, 2, 2));
        binary(
                "convTranspose1d",
                Values::any,
                (x, y) -> Ops.convTranspose1d(x, y, 2, 1, 1, 1, 2),
                Shape.of(1, 3, 4),
                Shape.of(2, 3, 2));
        binary("convolve", Values::any, (x, y) -> Ops.convolve(x, y, ConvolveMode.FULL), Shape.of(4), Shape.of(3));
    }

    private void several() {
        rows.put(
                "one result twice",
                row(
                        independent(1, Values::any),
                        in -> {
                            Array y = in.get(0).square();
                            return List.of(y, y);
                        },
                        Shape.of(3)));
        rows.put(
                "an argument as a result",
                row(
                        independent(2, Values::any),
                        in -> List.of(in.get(1), in.get(0).mul(in.get(1)), in.get(0)),
                        Shape.of(2),
                        Shape.of(2)));
        rows.put(
                "a result that depends on nothing",
                row(
                        independent(1, Values::any),
                        in -> List.of(in.get(0).sin(), Ops.ones(Shape.of(2), DType.FLOAT64)),
                        Shape.of(3)));
        rows.put(
                "an argument that nothing depends on",
                row(independent(2, Values::any), in -> List.of(in.get(0).sin()), Shape.of(3), Shape.of(2)));
        rows.put(
                "a shared intermediate",
                row(
                        independent(2, Values::any),
                        in -> {
                            Array shared = in.get(0).mul(in.get(1)).tanh();
                            return List.of(shared.add(in.get(0)), shared.exp().sum(), shared);
                        },
                        Shape.of(2, 2),
                        Shape.of(2)));
        rows.put(
                "layer norm",
                row(
                        independent(3, Values::any),
                        in -> {
                            Array x = in.get(0);
                            Array centred = x.sub(x.mean(Axes.of(-1).keepDims()));
                            Array scale = centred.square()
                                    .mean(Axes.of(-1).keepDims())
                                    .add(1e-2)
                                    .rsqrt();
                            return List.of(centred.mul(scale).mul(in.get(1)).add(in.get(2)));
                        },
                        Shape.of(2, 3),
                        Shape.of(3),
                        Shape.of(3)));
        rows.put(
                "attention",
                row(
                        independent(3, Values::any),
                        in -> List.of(in.get(0)
                                .matmul(in.get(1).swapaxes(-1, -2))
                                .mul(0.7)
                                .softmax(-1)
                                .matmul(in.get(2))),
                        Shape.of(2, 2, 3),
                        Shape.of(2, 2, 3),
                        Shape.of(2, 2, 3)));
    }

    // ------------------------------------------------------------------------------------------------- samples

    @FunctionalInterface
    private interface Draw {
        double[][] values(Random random, Shape... shapes);
    }

    private static Draw independent(int operands, BiFunction<Random, Integer, double[]> values) {
        return (r, shapes) -> Arrays.stream(shapes)
                .limit(operands)
                .map(shape -> values.apply(r, shape.size()))
                .toArray(double[][]::new);
    }

    /// Values of different operands that are apart from each other.
    private static Draw lanes(int operands) {
        return (r, shapes) -> {
            double[][] values = new double[operands][];
            for (int i = 0; i < operands; i++) {
                values[i] = Values.separated(r, shapes[i].size(), i);
            }
            return values;
        };
    }

    private void unary(String name, BiFunction<Random, Integer, double[]> values, Unary function, Shape shape) {
        unary(name, values, function, shape, Sample.DOUBLE);
    }

    private void unary(
            String name, BiFunction<Random, Integer, double[]> values, Unary function, Shape shape, double epsilon) {
        Row row = row(independent(1, values), in -> List.of(function.apply(in.get(0))), shape);
        rows.put(
                name,
                new Row(DERIVATIVE, choices -> row.samples().apply(choices).withEpsilon(epsilon)));
    }

    private void binary(
            String name, BiFunction<Random, Integer, double[]> values, Binary function, Shape first, Shape second) {
        rows.put(name, row(independent(2, values), in -> List.of(function.apply(in.get(0), in.get(1))), first, second));
    }

    private void ternary(String name, Ternary function, Shape first, Shape second, Shape third) {
        rows.put(
                name,
                row(
                        independent(3, Values::any),
                        in -> List.of(function.apply(in.get(0), in.get(1), in.get(2))),
                        first,
                        second,
                        third));
    }

    private static Row row(Draw draw, Nary function, Shape... shapes) {
        return new Row(
                DERIVATIVE,
                choices -> new Sample(
                                "the composition", specs(shapes), r -> draw.values(r, shapes), function, choices.seed())
                        .summing());
    }

    private static List<TensorSpec> specs(Shape... shapes) {
        return Arrays.stream(shapes)
                .map(shape -> new TensorSpec(DType.FLOAT64, shape))
                .toList();
    }
}
