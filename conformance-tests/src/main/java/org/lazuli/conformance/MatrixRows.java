package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.Vectors;

/// Linear algebra, judged by its definitions: a decomposition is right whose factors give the operand, whatever their signs.
final class MatrixRows {
    private static final Set<DType> TYPES = EnumSet.of(DType.FLOAT32, DType.FLOAT64, DType.COMPLEX64);

    private MatrixRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "Qr",
                TYPES,
                draw -> new Case(new Primitive.Qr(), List.of(any(draw)), Judge.by(MatrixDefinitions::qr))));
        for (Vectors vectors : Vectors.values()) {
            rows.add(new Row(
                    "Svd." + vectors,
                    TYPES,
                    draw -> new Case(
                            new Primitive.Svd(vectors), List.of(any(draw)), Judge.by(MatrixDefinitions::svd))));
        }
        rows.add(new Row(
                "Eigh",
                TYPES,
                draw -> new Case(
                        new Primitive.Eigh(draw.choices.flag(), draw.choices.flag()),
                        List.of(square(draw)),
                        Judge.by(MatrixDefinitions::eigh))));
        rows.add(new Row(
                "Eig",
                TYPES,
                draw -> new Case(
                        new Primitive.Eig(draw.choices.flag()),
                        List.of(square(draw)),
                        Judge.by(MatrixDefinitions::eig))));
        rows.add(new Row("Cholesky", TYPES, MatrixRows::cholesky));
        rows.add(new Row(
                "Lu",
                TYPES,
                draw -> new Case(new Primitive.Lu(), List.of(any(draw)), Judge.by(MatrixDefinitions::lu))));
        rows.add(new Row("TriangularSolve", TYPES, MatrixRows::solve));
        return rows;
    }

    private static Shape batch(Draw draw) {
        return Shape.of(draw.choices.dims(draw.isDeep() ? draw.choices.between(0, 2) : 0, 1, 3));
    }

    private static int size(Draw draw) {
        return draw.isDeep() ? draw.choices.between(0, 6) : draw.size(33);
    }

    /// Square, wide or tall; sometimes of less than full rank.
    private static HostTensor any(Draw draw) {
        int n = size(draw);
        int other = draw.choices.between(0, 2) == 0 ? n : draw.choices.between(0, 9);
        Shape shape = draw.choices.flag() ? Shape.of(n, other) : Shape.of(other, n);
        return matrices(draw, batch(draw).concat(shape));
    }

    private static HostTensor square(Draw draw) {
        int n = size(draw);
        return matrices(draw, batch(draw).concat(Shape.of(n, n)));
    }

    private static HostTensor matrices(Draw draw, Shape shape) {
        HostTensor x = draw.any(draw.dtype, shape);
        if (!draw.choices.rarely(3)) {
            return x;
        }
        // Equal rows, so that values of zero come up.
        double[] numbers = x.numbers();
        int width = shape.dim(-1) * (draw.dtype.isComplex() ? 2 : 1);
        for (int i = width; i < numbers.length; i++) {
            numbers[i] = i / width % 2 == 1 ? numbers[i - width] : numbers[i];
        }
        return HostTensor.of(x.spec(), numbers);
    }

    /// B Bᴴ and a multiple of the identity; what is in the other triangle must not matter.
    private static Case cholesky(Draw draw) {
        HostTensor drawn = square(draw);
        boolean upper = draw.choices.flag();
        int n = drawn.shape().dim(-1);
        double[] numbers = drawn.numbers();
        int width = draw.dtype.isComplex() ? 2 : 1;
        int count = n == 0 ? 0 : drawn.size() / (n * n);
        for (int b = 0; b < count; b++) {
            Matrix factor = Matrix.of(drawn, b);
            Matrix product = factor.times(factor.adjoint());
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    int at = width * (b * n * n + i * n + j);
                    if (upper ? i <= j : i >= j) {
                        numbers[at] = product.re()[i * n + j] + (i == j ? n : 0);
                        if (width == 2) {
                            numbers[at + 1] = i == j ? 0 : product.im()[i * n + j];
                        }
                    }
                }
            }
        }
        HostTensor operand = HostTensor.of(drawn.spec(), numbers);
        return new Case(
                new Primitive.Cholesky(upper), List.of(operand), Judge.by(MatrixDefinitions::cholesky));
    }

    /// A triangle with a diagonal that is not small; what is in the other triangle must not matter.
    private static Case solve(Draw draw) {
        HostTensor a = square(draw);
        int n = a.shape().dim(-1);
        int width = draw.dtype.isComplex() ? 2 : 1;
        double[] numbers = a.numbers();
        for (int i = 0; i < a.size(); i++) {
            if (i / n % n == i % n) {
                numbers[width * i] = Math.copySign(Math.max(1, Math.abs(numbers[width * i])), numbers[width * i]);
            } else {
                // So that solutions do not grow.
                numbers[width * i] /= n;
            }
        }
        Shape sides = a.shape().with(-1, draw.choices.between(0, 4));
        return new Case(
                new Primitive.TriangularSolve(draw.choices.flag()),
                List.of(HostTensor.of(a.spec(), numbers), draw.any(draw.dtype, sides)),
                Judge.by(MatrixDefinitions::solve));
    }
}
