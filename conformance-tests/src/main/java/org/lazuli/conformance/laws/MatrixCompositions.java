package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Linalg;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// Linear algebra of the public interface that is made of several instructions, at matrices that are easy and at those where a formula that divides by the
/// difference of singular values would fail.
final class MatrixCompositions {
    private final Map<String, Row> rows = new TreeMap<>();

    private MatrixCompositions() {}

    static Map<String, Row> rows() {
        MatrixCompositions table = new MatrixCompositions();
        table.systems();
        table.inverses();
        table.determinants();
        table.norms();
        table.products();
        return table.rows;
    }

    private void systems() {
        put("solve", in -> List.of(Linalg.solve(apart(in.get(0)), in.get(1))), Shape.of(3, 3), Shape.of(3, 2));
        put(
                "solve with exchanged rows",
                in -> List.of(Linalg.solve(apart(in.get(0)).flip(0), in.get(1))),
                Shape.of(3, 3),
                Shape.of(3));
        put(
                "solve, broadcast",
                in -> List.of(Linalg.solve(apart(in.get(0)), in.get(1))),
                Shape.of(2, 1, 2, 2),
                Shape.of(3, 2, 1));
        put(
                "solveTriangular",
                in -> List.of(
                        Linalg.solveTriangular(apart(in.get(0)), in.get(1), true),
                        Linalg.solveTriangular(apart(in.get(0)), in.get(1), false)),
                Shape.of(3, 3),
                Shape.of(3, 2));
    }

    private void inverses() {
        put("inv", in -> List.of(Linalg.inv(apart(in.get(0)))), Shape.of(2, 3, 3));
        put(
                "triInv",
                in -> List.of(Linalg.triInv(apart(in.get(0))), Linalg.triInv(apart(in.get(0)), true)),
                Shape.of(3, 3));
        put(
                "choleskyInv",
                in -> List.of(Linalg.choleskyInv(apart(in.get(0))), Linalg.choleskyInv(apart(in.get(0)), true)),
                Shape.of(3, 3));
        put("pinv of tall matrices", in -> List.of(Linalg.pinv(apart(in.get(0)))), Shape.of(2, 4, 2));
        put("pinv of wide matrices", in -> List.of(Linalg.pinv(apart(in.get(0)))), Shape.of(2, 3));
        put(
                "pinv of matrices of less than full rank",
                in -> List.of(Linalg.pinv(apart(in.get(0)).matmul(apart(in.get(1))))),
                Shape.of(4, 2),
                Shape.of(2, 3));
        rows.put(
                "pinv where singular values are equal",
                row(
                        (r, n) -> new double[n],
                        in -> List.of(Linalg.pinv(
                                in.get(0).add(Ops.eye(3, 3, 0, in.get(0).dtype())))),
                        Shape.of(3, 3)));
        put(
                "lu",
                in -> {
                    Linalg.Lu lu = Linalg.lu(apart(in.get(0)).flip(0));
                    return List.of(lu.l(), lu.u());
                },
                Shape.of(3, 3));
    }

    private void determinants() {
        for (int n = 1; n <= 4; n++) {
            put("det of " + n, in -> List.of(Linalg.det(apart(in.get(0)))), Shape.of(2, n, n));
        }
        rows.put(
                "det of singular matrices",
                row(
                        Values::any,
                        in -> List.of(Linalg.det(in.get(0)
                                .mul(Ops.array(new float[] {1, 0, 0})
                                        .astype(in.get(0).dtype())))),
                        Shape.of(3, 3)));
        put("slogdet", in -> List.of(Linalg.slogdet(apart(in.get(0)).flip(-1)).logabsdet()), Shape.of(4, 4));
    }

    private void norms() {
        put(
                "spectral norms",
                in -> List.of(
                        Linalg.norm(apart(in.get(0)), 2),
                        Linalg.norm(apart(in.get(0)), -2),
                        Linalg.nuclear(apart(in.get(0)), Axes.of(0, 1).keepDims())),
                Shape.of(3, 2));
    }

    private void products() {
        put("cross", in -> List.of(Linalg.cross(in.get(0), in.get(1))), Shape.of(2, 1, 3), Shape.of(2, 2));
    }

    /// Close to a diagonal matrix whose elements are apart.
    private static Array apart(Array x) {
        return MatrixRows.apart(x);
    }

    private void put(String name, Nary function, Shape... shapes) {
        rows.put(name, row(Values::any, function, shapes));
    }

    private static Row row(BiFunction<Random, Integer, double[]> values, Nary function, Shape... shapes) {
        List<TensorSpec> specs = Arrays.stream(shapes)
                .map(shape -> new TensorSpec(DType.FLOAT64, shape))
                .toList();
        return new Row(
                DERIVATIVE,
                choices -> new Sample(
                                "the composition",
                                specs,
                                r -> Arrays.stream(shapes)
                                        .map(shape -> values.apply(r, shape.size()))
                                        .toArray(double[][]::new),
                                function,
                                choices.seed())
                        .summing());
    }
}
