package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Fast;
import org.lazuli.MetalKernel;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Samples of calls that a backend may have a kernel for.
final class AcceleratedRows {
    private AcceleratedRows() {}

    static Map<String, Row> rows() {
        return Map.of(
                "Fallback", new Row(DERIVATIVE, c -> c.flag() ? norm(c) : attention(c)),
                "FallbackTuple", new Row(DERIVATIVE, AcceleratedRows::custom));
    }

    /// An array divided by the root of its mean square, and scaled by a weight.
    private static Sample norm(Choices choices) {
        Shape shape = Shape.of(choices.dims(1, 3, 1, 3));
        return sample(
                choices,
                new Accelerated.RmsNorm(0.5f, true),
                in -> {
                    Array meanSquare = in.get(0).square().mean(Axes.of(-1).keepDims());
                    return in.get(0).mul(meanSquare.add(0.5f).rsqrt()).mul(in.get(1));
                },
                shape,
                Shape.of(shape.dim(-1)));
    }

    private static Sample attention(Choices choices) {
        int batch = choices.between(1, 2);
        int heads = choices.between(1, 2);
        int queries = choices.between(1, 3);
        int keys = choices.between(1, 3);
        int size = choices.between(1, 2);
        return sample(
                choices,
                new Accelerated.Attention(0.75f, false),
                in -> in.get(0)
                        .matmul(in.get(1).swapaxes(-1, -2))
                        .mul(0.75)
                        .softmax(-1)
                        .matmul(in.get(2)),
                Shape.of(batch, heads, queries, size),
                Shape.of(batch, heads, keys, size),
                Shape.of(batch, heads, keys, choices.between(1, 2)));
    }

    /// A kernel that somebody has written: products and sums of two arrays, element by element.
    private static Sample custom(Choices choices) {
        Shape shape = Shape.of(choices.dims(1, 3, 1, 3));
        MetalKernel kernel = Fast.metalKernel(
                "product_and_sum",
                List.of("a", "b"),
                List.of("product", "total"),
                """
                        uint i = thread_position_in_grid.x;
                        product[i] = a[i] * b[i];
                        total[i] = a[i] + b[i];
                """,
                (in, call) -> List.of(in.get(0).mul(in.get(1)), in.get(0).add(in.get(1))));
        TensorSpec spec = new TensorSpec(choices.real(), shape);
        return new Sample(
                "a kernel of products and sums",
                List.of(spec, spec),
                r -> new double[][] {Values.any(r, shape.size()), Values.any(r, shape.size())},
                in -> kernel.apply(
                        in,
                        MetalKernel.Call.grid(shape.size(), 1, 1)
                                .output(shape, spec.dtype())
                                .output(shape, spec.dtype())),
                choices.seed());
    }

    private interface Formula {
        Array of(List<Array> in);
    }

    private static Sample sample(Choices choices, Accelerated kernel, Formula graph, Shape... shapes) {
        List<TensorSpec> operands = List.of(shapes).stream()
                .map(s -> new TensorSpec(choices.real(), s))
                .toList();
        return new Sample(
                        kernel.toString(),
                        operands,
                        r -> List.of(shapes).stream()
                                .map(s -> Values.any(r, s.size()))
                                .toArray(double[][]::new),
                        in -> {
                            Array[] all = in.toArray(new Array[in.size() + 1]);
                            all[in.size()] = graph.of(in);
                            return List.of(Graph.apply(new Primitive.Fallback(kernel, in.size()), all));
                        },
                        choices.seed())
                .summing();
    }
}
