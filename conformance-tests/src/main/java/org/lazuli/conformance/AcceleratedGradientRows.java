package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// Kernels for the gradients of softmax, norms and more. The judge is their definition in `double`, with the error that each step in float32 adds.
final class AcceleratedGradientRows {
    private static final double EPS = 0x1p-24;

    private AcceleratedGradientRows() {}

    static List<Row> rows(Set<DType> dtypes) {
        return List.of(
                new Row("SoftmaxGradient", dtypes, draw -> {
                    return new Case(
                            new Accelerated.SoftmaxGradient(),
                            operands(draw, false),
                            AcceleratedGradientRows::softmaxGradient);
                }),
                new Row("LayerNormGradient", dtypes, draw -> {
                    boolean weight = draw.choices.flag();
                    Kernel kernel = new Accelerated.LayerNormGradient(1e-5f, weight);
                    return new Case(kernel, operands(draw, weight), (_, _, in) -> normGradient(in, true));
                }),
                new Row("LayerNormParameterGradient", dtypes, draw -> {
                    Kernel kernel = new Accelerated.LayerNormParameterGradient(1e-5f);
                    return new Case(kernel, operands(draw, false), (_, _, in) -> parameterGradient(in, true));
                }),
                new Row("RmsNormGradient", dtypes, draw -> {
                    boolean weight = draw.choices.flag();
                    Kernel kernel = new Accelerated.RmsNormGradient(1e-5f, weight);
                    return new Case(kernel, operands(draw, weight), (_, _, in) -> normGradient(in, false));
                }),
                new Row("RmsNormParameterGradient", dtypes, draw -> {
                    Kernel kernel = new Accelerated.RmsNormParameterGradient(1e-5f);
                    return new Case(kernel, operands(draw, false), (_, _, in) -> parameterGradient(in, false));
                }),
                new Row("ExtremeGradient", dtypes, AcceleratedGradientRows::extremeGradient),
                new Row("AttentionGradient", dtypes, AttentionGradientCase::of));
    }

    /// Few values, so that extremes are met more than once.
    private static Case extremeGradient(Draw draw) {
        int rank = draw.choices.between(1, 4);
        int main = draw.choices.between(0, rank - 1);
        Shape shape = draw.shape(main, rank);
        for (int axis = 0; axis < rank; axis++) {
            shape = shape.with(axis, Math.max(shape.dim(axis), 1));
        }
        Ints axes = ReductionRows.axes(draw.choices, rank, main);
        Shape kept = shape;
        for (int i = 0; i < axes.size(); i++) {
            kept = kept.with(axes.get(i), 1);
        }
        double[] x = new double[shape.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = draw.choices.between(-2, 2);
        }
        int[] results = resultOf(shape, axes);
        double[] y = new double[kept.size()];
        Arrays.fill(y, -3);
        for (int i = 0; i < x.length; i++) {
            y[results[i]] = Math.max(y[results[i]], x[i]);
        }
        List<HostTensor> operands = List.of(
                HostTensor.of(new TensorSpec(draw.dtype, shape), x),
                HostTensor.of(new TensorSpec(draw.dtype, kept), y),
                draw.any(draw.dtype, kept));
        return new Case(new Accelerated.ExtremeGradient(axes), operands, (_, _, in) -> extremeGradient(in, results));
    }

    /// For each element of an array the number of the result that it is reduced to.
    private static int[] resultOf(Shape shape, Ints axes) {
        int[] results = new int[shape.size()];
        for (int i = 0; i < results.length; i++) {
            int result = 0;
            int rest = i;
            for (int axis = shape.rank() - 1, stride = 1; axis >= 0; axis--) {
                int index = rest % shape.dim(axis);
                rest /= shape.dim(axis);
                if (!axes.contains(axis)) {
                    result += index * stride;
                    stride *= shape.dim(axis);
                }
            }
            results[i] = result;
        }
        return results;
    }

    /// The quotient rounds.
    private static List<Expected> extremeGradient(List<HostTensor> operands, int[] results) {
        double[] x = operands.get(0).numbers();
        double[] y = operands.get(1).numbers();
        double[] g = operands.get(2).numbers();
        int[] counts = new int[y.length];
        for (int i = 0; i < x.length; i++) {
            counts[results[i]] += x[i] == y[results[i]] ? 1 : 0;
        }
        double[] out = new double[x.length];
        double[] errors = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] == y[results[i]] ? g[results[i]] / counts[results[i]] : 0;
            errors[i] = EPS * Math.abs(out[i]);
        }
        return AcceleratedRows.near(operands.getFirst(), operands.getFirst().shape(), out, errors);
    }

    /// An array, a weight if there is to be one, and a cotangent like the array.
    private static List<HostTensor> operands(Draw draw, boolean weight) {
        List<HostTensor> operands = new ArrayList<>();
        HostTensor x = AcceleratedRows.rows(draw);
        operands.add(x);
        if (weight) {
            operands.add(draw.any(draw.dtype, Shape.of(x.shape().dim(-1))));
        }
        operands.add(draw.any(draw.dtype, x.shape()));
        return operands;
    }

    /// The sum is off by a rounding for each term and each addition; the difference and the product round.
    private static List<Expected> softmaxGradient(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        HostTensor shape = operands.getFirst();
        double[] y = shape.numbers();
        double[] g = operands.getLast().numbers();
        int n = shape.shape().dim(-1);
        double[] out = new double[y.length];
        double[] errors = new double[y.length];
        for (int from = 0; from < y.length; from += n) {
            double sum = 0;
            double magnitude = 0;
            for (int i = from; i < from + n; i++) {
                sum += y[i] * g[i];
                magnitude += Math.abs(y[i] * g[i]);
            }
            for (int i = from; i < from + n; i++) {
                out[i] = y[i] * (g[i] - sum);
                double difference = (n + 1) * magnitude + Math.abs(g[i] - sum) + Math.abs(g[i]) + Math.abs(sum);
                errors[i] = EPS * (Math.abs(y[i]) * difference + Math.abs(out[i]));
            }
        }
        return AcceleratedRows.near(shape, shape.shape(), out, errors);
    }

    /// One row normalized, with the error of each element and the relative one of the scale.
    private static final class Normal {
        final double[] values;
        final double[] errors;
        final double scale;
        final double relative;

        /// The bounds of the kernels LayerNorm and RmsNorm, see [AcceleratedRows].
        Normal(double[] in, int from, int n, boolean center) {
            double eps = 1e-5f;
            double mean = 0;
            double absolute = 0;
            double squares = 0;
            for (int i = from; i < from + n; i++) {
                mean += center ? in[i] / n : 0;
                absolute += Math.abs(in[i]) / n;
                squares += in[i] * in[i] / n;
            }
            double variance = 0;
            for (int i = from; i < from + n; i++) {
                variance += (in[i] - mean) * (in[i] - mean) / n;
            }
            scale = 1 / Math.sqrt(variance + eps);
            relative =
                    center ? (n + 3) * EPS * (squares + eps) / (variance + eps) + 4 * EPS : EPS * ((n + 2) / 2.0 + 6);
            values = new double[n];
            errors = new double[n];
            for (int i = 0; i < n; i++) {
                double x = in[from + i];
                values[i] = (x - mean) * scale;
                double difference = center ? n * EPS * absolute + EPS * (Math.abs(x) + Math.abs(mean)) : 0;
                errors[i] = difference * scale + Math.abs(values[i]) * relative;
            }
        }
    }

    /// The means are off by a rounding for each term, and that of the products by the errors of the normal besides; three terms are added up, and
    /// multiplied by the scale.
    private static List<Expected> normGradient(List<HostTensor> operands, boolean center) {
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        double[] g = operands.getLast().numbers();
        double[] weight = operands.size() == 3 ? operands.get(1).numbers() : null;
        int n = x.shape().dim(-1);
        double[] out = new double[in.length];
        double[] errors = new double[in.length];
        for (int from = 0; from < in.length; from += n) {
            Normal normal = new Normal(in, from, n, center);
            double[] h = new double[n];
            double shift = 0;
            double shiftError = 0;
            double slope = 0;
            double slopeError = 0;
            for (int i = 0; i < n; i++) {
                h[i] = g[from + i] * (weight == null ? 1 : weight[i]);
                double product = normal.values[i] * h[i];
                shift += center ? h[i] / n : 0;
                shiftError += center ? EPS * (n + 2) * Math.abs(h[i]) / n : 0;
                slope += product / n;
                slopeError += (EPS * (n + 3) * Math.abs(product) + normal.errors[i] * Math.abs(h[i])) / n;
            }
            for (int i = 0; i < n; i++) {
                double y = normal.values[i];
                double sum = h[i] - shift - y * slope;
                double error = shiftError
                        + Math.abs(y) * slopeError
                        + normal.errors[i] * (Math.abs(slope) + slopeError)
                        + 4 * EPS * (Math.abs(h[i]) + Math.abs(shift) + Math.abs(y * slope));
                out[from + i] = sum * normal.scale;
                errors[from + i] = error * normal.scale + Math.abs(out[from + i]) * (normal.relative + 2 * EPS);
            }
        }
        return AcceleratedRows.near(x, x.shape(), out, errors);
    }

    /// A rounding for each term and each addition, and the errors of the normal.
    private static List<Expected> parameterGradient(List<HostTensor> operands, boolean center) {
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        double[] g = operands.getLast().numbers();
        int n = x.shape().dim(-1);
        int rows = in.length / n;
        double[] out = new double[center ? 2 * n : n];
        double[] errors = new double[out.length];
        for (int row = 0; row < rows; row++) {
            Normal normal = new Normal(in, row * n, n, center);
            for (int i = 0; i < n; i++) {
                double cotangent = g[row * n + i];
                double product = normal.values[i] * cotangent;
                out[i] += product;
                errors[i] += EPS * (rows + 1) * Math.abs(product) + normal.errors[i] * Math.abs(cotangent);
                if (center) {
                    out[n + i] += cotangent;
                    errors[n + i] += EPS * rows * Math.abs(cotangent);
                }
            }
        }
        Shape shape = center ? Shape.of(2, n) : Shape.of(n);
        return AcceleratedRows.near(x, shape, out, errors);
    }
}
