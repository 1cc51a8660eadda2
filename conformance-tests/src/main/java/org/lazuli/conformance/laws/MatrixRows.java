package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.Vectors;
import org.lazuli.spi.TensorSpec;

/// Samples of linear algebra: functions of a decomposition that do not depend on signs, of matrices whose eigenvalues and singular values are apart.
final class MatrixRows {
    private static final int LARGEST = 3;

    private MatrixRows() {}

    static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        put(rows, "Qr", choices -> of(choices, new Primitive.Qr(), any(choices), x -> x));
        for (Vectors vectors : Vectors.values()) {
            put(rows, "Svd." + vectors, choices -> svd(choices, vectors));
        }
        put(rows, "Eigh", MatrixRows::eigh);
        put(rows, "Eig", MatrixRows::eig);
        put(rows, "Cholesky", MatrixRows::cholesky);
        put(
                rows,
                "Lu",
                choices -> of(choices, new Primitive.Lu(), any(choices), parts -> List.of(parts.getFirst())));
        put(rows, "TriangularSolve", MatrixRows::triangularSolve);
        return rows;
    }

    private static void put(Map<String, Row> rows, String name, Function<Choices, Sample> samples) {
        rows.put(name, new Row(DERIVATIVE, samples));
    }

    private static DType dtype(Choices choices) {
        return choices.rarely(3) ? DType.COMPLEX64 : choices.real();
    }

    private static Shape batch(Choices choices) {
        return Shape.of(choices.dims(0, 1, 1, 2));
    }

    private static Shape any(Choices choices) {
        return batch(choices).concat(Shape.of(choices.between(1, LARGEST), choices.between(1, LARGEST)));
    }

    private static Shape square(Choices choices) {
        int n = choices.between(1, LARGEST);
        return batch(choices).concat(Shape.of(n, n));
    }

    /// Close to a diagonal matrix whose elements are apart.
    private static Array apart(Array x) {
        double[] diagonal = new double[x.dim(-2) * x.dim(-1)];
        for (int i = 0; i < Math.min(x.dim(-2), x.dim(-1)); i++) {
            diagonal[i * x.dim(-1) + i] = 3 + 2 * i;
        }
        Array center = Ops.array(diagonal).reshape(x.dim(-2), x.dim(-1));
        return x.mul(0.125).add(center.astype(x.dtype()));
    }

    private static Array adjoint(Array x) {
        return x.conj().swapaxes(-1, -2);
    }

    /// Projections on the columns, each with a weight of its own: it does not depend on their signs.
    private static Array weighted(Array columns) {
        Array weights = Ops.arange(1, columns.dim(-1) + 1).astype(columns.dtype());
        return columns.mul(weights).matmul(adjoint(columns));
    }

    private static Sample of(
            Choices choices, Primitive.Several primitive, Shape shape, Function<List<Array>, List<Array>> invariant) {
        return sample(
                choices,
                primitive.toString(),
                dtype(choices),
                List.of(shape),
                in -> invariant.apply(Graph.applySeveral(primitive, apart(in.get(0)))));
    }

    private static Sample svd(Choices choices, Vectors vectors) {
        Shape shape = any(choices);
        int k = Math.min(shape.dim(-1), shape.dim(-2));
        return of(choices, new Primitive.Svd(vectors), shape, parts -> {
            if (vectors == Vectors.NONE) {
                return parts;
            }
            Array u = parts.get(0);
            Array v = adjoint(parts.get(2));
            List<Array> results = new ArrayList<>(List.of(parts.get(1)));
            results.add(weighted(u.get(Index.rest(), Index.to(k))));
            results.add(weighted(v.get(Index.rest(), Index.to(k))));
            // Both together, whose signs belong together.
            results.add(u.get(Index.rest(), Index.to(k)).matmul(adjoint(v.get(Index.rest(), Index.to(k)))));
            if (vectors == Vectors.FULL) {
                for (Array full : List.of(u, v)) {
                    Array rest = full.get(Index.rest(), Index.from(k));
                    results.add(rest.matmul(adjoint(rest)));
                }
            }
            return results;
        });
    }

    private static Sample eigh(Choices choices) {
        boolean vectors = choices.flag();
        Primitive.Several eigh = new Primitive.Eigh(vectors, choices.flag());
        return sample(choices, eigh.toString(), dtype(choices), List.of(square(choices)), in -> {
            Array a = apart(in.get(0));
            List<Array> parts = Graph.applySeveral(eigh, a.add(adjoint(a)).mul(0.5));
            return vectors ? List.of(parts.get(0), weighted(parts.get(1))) : parts;
        });
    }

    /// Sums over all eigenvalues, which come in no particular order.
    private static Sample eig(Choices choices) {
        boolean vectors = choices.flag();
        Primitive.Several eig = new Primitive.Eig(vectors);
        Sample sample = sample(choices, eig.toString(), dtype(choices), List.of(square(choices)), in -> {
            List<Array> parts = Graph.applySeveral(eig, apart(in.get(0)));
            Array values = parts.get(0);
            List<Array> results = new ArrayList<>();
            results.add(values.square().sum(-1));
            results.add(values.reciprocal().sum(-1));
            if (vectors) {
                Array squares = parts.get(1).abs().square();
                results.add(squares.mul(values.real().expandDims(-2)).sum(-1));
            }
            return results;
        });
        return sample.withEpsilon(Sample.SINGLE);
    }

    private static Sample cholesky(Choices choices) {
        Primitive cholesky = new Primitive.Cholesky(choices.flag());
        return sample(choices, cholesky.toString(), dtype(choices), List.of(square(choices)), in -> {
            Array a = apart(in.get(0));
            return List.of(Graph.apply(cholesky, a.add(adjoint(a)).mul(0.5)));
        });
    }

    private static Sample triangularSolve(Choices choices) {
        Primitive solve = new Primitive.TriangularSolve(choices.flag());
        Shape a = square(choices);
        Shape b = a.with(-1, choices.between(1, LARGEST));
        return sample(
                choices,
                solve.toString(),
                dtype(choices),
                List.of(a, b),
                in -> List.of(Graph.apply(solve, apart(in.get(0)), in.get(1))));
    }

    private static Sample sample(
            Choices choices,
            String text,
            DType dtype,
            List<Shape> shapes,
            Function<List<Array>, List<Array>> function) {
        int width = dtype.isComplex() ? 2 : 1;
        return new Sample(
                        text,
                        shapes.stream().map(shape -> new TensorSpec(dtype, shape)).toList(),
                        r -> shapes.stream()
                                .map(shape -> Values.any(r, width * shape.size()))
                                .toArray(double[][]::new),
                        function::apply,
                        choices.seed())
                .summing();
    }
}
