package org.lazuli.conformance;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.FourierOp;
import org.lazuli.spi.Primitive.FourierTransform;
import org.lazuli.spi.TensorSpec;

/// Fourier transforms, held against their definition.
final class FourierRows {
    private FourierRows() {}

    static List<Row> rows() {
        return Arrays.stream(FourierOp.values())
                .map(op -> new Row("FourierTransform." + op, EnumSet.of(op.operand()), draw -> transform(op, draw)))
                .toList();
    }

    private static Case transform(FourierOp op, Draw draw) {
        int rank = draw.choices.between(1, 3);
        int axis = draw.choices.between(0, rank - 1);
        int length = Math.max(1, draw.isDeep() ? draw.choices.between(1, 40) : draw.size(1025));
        Shape shape = Shape.of(draw.choices.dims(rank, 1, 3)).with(axis, op.given(length));
        double scale = draw.choices.of(List.of(1.0, 1.0 / length, 1 / Math.sqrt(length)));
        return new Case(
                new FourierTransform(op, axis, length, scale),
                List.of(draw.any(draw.dtype, shape)),
                (oracle, kernel, operands) -> List.of(expected(kernel, operands.getFirst())));
    }

    /// By the definition, in double. The error of a fast transform is, in the Euclidean norm, at most `log2 n · η` of the result, with η
    /// less than 8 roundoffs (N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, theorem 24.2), and the result's norm is √n
    /// times the operand's. A length that is no power of two may be transformed by way of three of another, at most four times as
    /// long.
    private static Expected expected(Kernel kernel, HostTensor operand) {
        FourierTransform transform = (FourierTransform) kernel;
        FourierOp op = transform.op();
        int n = transform.length();
        int given = op.given(n);
        int results = op.results(n);
        Shape shape = operand.shape().with(transform.axis(), results);
        int inner = shape.slice(transform.axis() + 1, shape.rank()).size();
        int width = op.result().isComplex() ? 2 : 1;
        double[] numbers = new double[shape.size() * width];
        double[] allowed = new double[numbers.length];
        double log = Math.ceil(Math.log(n) / Math.log(2)) + 1;
        double passes = Integer.bitCount(n) == 1 ? log : 3 * (log + 2);
        double roundoff = Numbers.epsilon(DType.FLOAT32);
        for (int line = 0; line < shape.size() / results; line++) {
            int from = line / inner * given * inner + line % inner;
            int to = line / inner * results * inner + line % inner;
            double[][] x = line(op, n, operand, from, inner);
            double[][] y = definition(x, op == FourierOp.FORWARD || op == FourierOp.REAL, results);
            double norm = 0;
            for (int j = 0; j < n; j++) {
                norm += x[0][j] * x[0][j] + x[1][j] * x[1][j];
            }
            double error = 8 * passes * roundoff * Math.sqrt(n * norm) * transform.scale();
            for (int k = 0; k < results; k++) {
                for (int part = 0; part < width; part++) {
                    int at = (to + k * inner) * width + part;
                    numbers[at] = y[part][k] * transform.scale();
                    allowed[at] = error + Bounds.rounding(DType.FLOAT32, numbers[at]);
                }
            }
        }
        return new Expected.Near(new TensorSpec(op.result(), shape), numbers, allowed, null, false);
    }

    /// The whole line that the operand says.
    private static double[][] line(FourierOp op, int n, HostTensor operand, int from, int stride) {
        double[][] x = new double[2][n];
        for (int j = 0; j < n; j++) {
            boolean mirrored = j >= op.given(n);
            int at = from + (mirrored ? n - j : j) * stride;
            boolean own = op == FourierOp.HERMITIAN && (j == 0 || 2 * j == n);
            x[0][j] = operand.number(at);
            x[1][j] = own ? 0 : mirrored ? -operand.imaginary(at) : operand.imaginary(at);
        }
        return x;
    }

    private static double[][] definition(double[][] x, boolean forward, int results) {
        int n = x[0].length;
        double[] cos = new double[n];
        double[] sin = new double[n];
        for (int k = 0; k < n; k++) {
            cos[k] = Math.cos(2 * Math.PI * k / n);
            sin[k] = Math.sin(2 * Math.PI * k / n) * (forward ? -1 : 1);
        }
        double[][] y = new double[2][results];
        for (int k = 0; k < results; k++) {
            for (int j = 0; j < n; j++) {
                int turn = (int) ((long) j * k % n);
                y[0][k] += x[0][j] * cos[turn] - x[1][j] * sin[turn];
                y[1][k] += x[0][j] * sin[turn] + x[1][j] * cos[turn];
            }
        }
        return y;
    }
}
