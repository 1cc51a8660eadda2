package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.MathMode;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;

/// The kernels that no backend needs to have. The judge is the definition, written out in `double`, with the error that each step of a computation in
/// float32 adds, for the operands at hand.
final class AcceleratedRows {
    /// The runtime asks for these alone.
    private static final Set<DType> DTYPES = EnumSet.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32);

    private static final double EPS = 0x1p-24;

    /// Of the exponential function, in units of roundoff: four ulps.
    private static final double EXP = 8;

    private AcceleratedRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                new Row("Softmax", DTYPES, draw -> {
                    return new Case(new Accelerated.Softmax(), List.of(rows(draw)), AcceleratedRows::softmax);
                }),
                new Row("LogSumExp", DTYPES, draw -> {
                    return new Case(new Accelerated.LogSumExp(), List.of(rows(draw)), AcceleratedRows::logSumExp);
                }),
                new Row("LayerNorm", DTYPES, draw -> {
                    boolean weight = draw.choices.flag();
                    boolean bias = draw.choices.flag();
                    return new Case(
                            new Accelerated.LayerNorm(1e-5f, weight, bias),
                            normed(draw, (weight ? 1 : 0) + (bias ? 1 : 0)),
                            AcceleratedRows::layerNorm);
                }),
                new Row("RmsNorm", DTYPES, draw -> {
                    boolean weight = draw.choices.flag();
                    return new Case(
                            new Accelerated.RmsNorm(1e-5f, weight),
                            normed(draw, weight ? 1 : 0),
                            AcceleratedRows::rmsNorm);
                }),
                new Row("Attention", DTYPES, AcceleratedRows::attention),
                new Row("CustomKernel", DTYPES, AcceleratedRows::custom)));
        rows.addAll(AcceleratedGradientRows.rows(DTYPES));
        rows.add(QuantizedRows.row(DTYPES));
        return rows;
    }

    /// Turns the elements round, and tells where each was.
    private static Case custom(Draw draw) {
        HostTensor x = draw.any(draw.dtype, draw.shape(1, 3));
        Accelerated kernel = new Accelerated.CustomKernel(
                "turn",
                List.of("x"),
                List.of("y", "from"),
                List.of(x.spec(), x.spec().withDType(DType.INT32)),
                """
                        uint i = thread_position_in_grid.x;
                        int n = COUNT;
                        for (int axis = 0; axis < x_ndim; ++axis) {
                            n *= x_shape[axis];
                        }
                        if (int(i) < n) {
                            y[i] = x[n - 1 - int(i)];
                            from[i] = n - 1 - int(i);
                        }
                """,
                "",
                true,
                false,
                MathMode.SAFE,
                List.of(new Accelerated.TemplateArgument("COUNT", Accelerated.TemplateArgument.Kind.INT, "1")),
                Ints.of(Math.max(1, x.size()), 1, 1),
                Ints.of(Math.min(64, Math.max(1, x.size())), 1, 1),
                List.of(),
                false);
        return new Case(kernel, List.of(x), (oracle, custom, operands) -> {
            HostTensor given = operands.getFirst();
            int n = given.size();
            long[] turned = new long[n];
            long[] from = new long[n];
            for (int i = 0; i < n; i++) {
                int place = n - 1 - i;
                turned[i] = given.bits(place);
                from[i] = place;
            }
            return List.of(
                    new Expected.Bits(HostTensor.ofBits(given.spec(), turned)),
                    new Expected.Bits(HostTensor.ofBits(given.spec().withDType(DType.INT32), from)));
        });
    }

    /// At least one element to a row.
    static HostTensor rows(Draw draw) {
        int rank = draw.choices.between(1, 3);
        Shape shape = draw.shape(rank - 1, rank);
        return draw.any(draw.dtype, shape.with(rank - 1, Math.max(1, shape.dim(rank - 1))));
    }

    private static List<HostTensor> normed(Draw draw, int parameters) {
        List<HostTensor> operands = new ArrayList<>();
        operands.add(rows(draw));
        for (int i = 0; i < parameters; i++) {
            operands.add(
                    draw.any(draw.dtype, Shape.of(operands.getFirst().shape().dim(-1))));
        }
        return operands;
    }

    /// Queries, keys and values.
    static List<HostTensor> attended(Draw draw) {
        Choices choices = draw.choices;
        int batch = choices.between(1, 2);
        int shared = choices.between(1, 2);
        int heads = shared * choices.between(1, 2);
        int queries = draw.isDeep() ? choices.between(1, 5) : Math.max(1, draw.size(33));
        int keys = choices.flag() ? queries : queries + choices.between(0, 5);
        int width = choices.of(List.of(4, 1, 3, 8, 32, 64));
        int values = choices.flag() ? width : choices.between(1, 9);
        return List.of(
                draw.any(draw.dtype, Shape.of(batch, heads, queries, width)),
                draw.any(draw.dtype, Shape.of(batch, shared, keys, width)),
                draw.any(draw.dtype, Shape.of(batch, shared, keys, values)));
    }

    private static Case attention(Draw draw) {
        Choices choices = draw.choices;
        List<HostTensor> operands = new ArrayList<>(attended(draw));
        Shape queries = operands.get(0).shape();
        Shape mask = queries.with(3, operands.get(1).shape().dim(2));
        switch (choices.between(0, 2)) {
            case 1 -> operands.add(draw.any(DType.BOOL, mask));
            case 2 -> operands.add(draw.any(draw.dtype, mask));
            default -> {}
        }
        float scale = (float) (1 / Math.sqrt(queries.dim(3)));
        return new Case(new Accelerated.Attention(scale, choices.flag()), operands, AcceleratedRows::attention);
    }

    // ------------------------------------------------------------------------------------------------- judges

    /// These numbers, off by these errors and the rounding to the dtype.
    static List<Expected> near(HostTensor like, Shape shape, double[] numbers, double[] errors) {
        double[] allowed = new double[numbers.length];
        for (int i = 0; i < allowed.length; i++) {
            double rounding = Bounds.rounding(like.dtype(), numbers[i]);
            allowed[i] = errors[i] + rounding;
            if (Numbers.mayFlush(like.dtype()) && Numbers.isSubnormal(like.dtype(), numbers[i])) {
                allowed[i] = Math.max(allowed[i], Math.abs(numbers[i]));
            }
        }
        return List.of(new Expected.Near(like.spec().withShape(shape), numbers, allowed, null, false));
    }

    /// The exponents are off by the rounding of x - max, exp by its own error, the sum by one rounding for each term; and the quotient rounds.
    private static List<Expected> softmax(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        double[] out = new double[in.length];
        double[] errors = new double[in.length];
        int n = x.shape().dim(-1);
        for (int from = 0; from < in.length; from += n) {
            double max = max(in, from, n);
            double sum = 0;
            for (int i = from; i < from + n; i++) {
                sum += Math.exp(in[i] - max);
            }
            double spread = spread(in, from, n, max);
            for (int i = from; i < from + n; i++) {
                out[i] = Math.exp(in[i] - max) / sum;
                errors[i] = out[i] * EPS * (max - in[i] + spread + 2 * EXP + n + 2);
            }
        }
        return near(x, x.shape(), out, errors);
    }

    static double max(double[] in, int from, int n) {
        double max = in[from];
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, in[i]);
        }
        return max;
    }

    private static double spread(double[] in, int from, int n, double max) {
        double spread = 0;
        for (int i = from; i < from + n; i++) {
            spread = Math.max(spread, max - in[i]);
        }
        return spread;
    }

    /// The sum as in softmax; its relative error is the logarithm's absolute one, to which the logarithm adds four ulps and the sum with the largest one
    /// rounding.
    private static List<Expected> logSumExp(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        int n = x.shape().dim(-1);
        double[] out = new double[in.length / n];
        double[] errors = new double[out.length];
        for (int row = 0; row < out.length; row++) {
            double max = max(in, row * n, n);
            double sum = 0;
            for (int i = row * n; i < (row + 1) * n; i++) {
                sum += Math.exp(in[i] - max);
            }
            out[row] = max + Math.log(sum);
            errors[row] = EPS
                    * (spread(in, row * n, n, max) + EXP + n + 8 * Math.abs(Math.log(sum)) + Math.abs(out[row]) + 1);
        }
        return near(x, x.shape().with(-1, 1), out, errors);
    }

    /// The mean is off by n·eps·mean|x|, each difference by that and its rounding, the variance (also where it is computed as mean(x²) - mean(x)²) by
    /// 2(n + 3)·eps·mean(x²), half of which, relatively, is left after the root.
    private static List<Expected> layerNorm(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        Accelerated.LayerNorm norm = (Accelerated.LayerNorm) kernel;
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        int n = x.shape().dim(-1);
        double[] out = new double[in.length];
        double[] errors = new double[in.length];
        double[] weight = norm.weight() ? operands.get(1).numbers() : null;
        double[] bias = norm.bias() ? operands.getLast().numbers() : null;
        for (int from = 0; from < in.length; from += n) {
            double mean = 0;
            double absolute = 0;
            double squares = 0;
            for (int i = from; i < from + n; i++) {
                mean += in[i] / n;
                absolute += Math.abs(in[i]) / n;
                squares += in[i] * in[i] / n;
            }
            double variance = 0;
            for (int i = from; i < from + n; i++) {
                variance += (in[i] - mean) * (in[i] - mean) / n;
            }
            double deviation = Math.sqrt(variance + norm.eps());
            double relative = (n + 3) * EPS * (squares + norm.eps()) / (variance + norm.eps());
            for (int i = from; i < from + n; i++) {
                double y = (in[i] - mean) / deviation;
                double difference = n * EPS * absolute + EPS * (Math.abs(in[i]) + Math.abs(mean));
                double error = difference / deviation + Math.abs(y) * (relative + 4 * EPS);
                double w = weight == null ? 1 : weight[i - from];
                double b = bias == null ? 0 : bias[i - from];
                out[i] = y * w + b;
                errors[i] = error * Math.abs(w) + EPS * (2 * Math.abs(y * w) + Math.abs(out[i]));
            }
        }
        return near(x, x.shape(), out, errors);
    }

    /// The mean of the squares has a relative error of (n + 2)·eps, half of which is left after the root; the root, the quotient and the product round.
    private static List<Expected> rmsNorm(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        Accelerated.RmsNorm norm = (Accelerated.RmsNorm) kernel;
        HostTensor x = operands.getFirst();
        double[] in = x.numbers();
        int n = x.shape().dim(-1);
        double[] out = new double[in.length];
        double[] errors = new double[in.length];
        double[] weight = norm.weight() ? operands.get(1).numbers() : null;
        for (int from = 0; from < in.length; from += n) {
            double squares = 0;
            for (int i = from; i < from + n; i++) {
                squares += in[i] * in[i] / n;
            }
            for (int i = from; i < from + n; i++) {
                out[i] = in[i] / Math.sqrt(squares + norm.eps()) * (weight == null ? 1 : weight[i - from]);
                errors[i] = Math.abs(out[i]) * EPS * ((n + 2) / 2.0 + 6);
            }
        }
        return near(x, x.shape(), out, errors);
    }

    /// A score is off by (D + 3)·eps·scale·Σ|q k| and the rounding of the sum with the mask; probabilities as in [#softmax] with twice that in the exponent;
    /// the weighted sum by a rounding for each term.
    private static List<Expected> attention(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        Accelerated.Attention attention = (Accelerated.Attention) kernel;
        HostTensor q = operands.get(0);
        HostTensor k = operands.get(1);
        HostTensor v = operands.get(2);
        HostTensor mask = operands.size() > 3 ? operands.get(3) : null;
        double[] qs = q.numbers();
        double[] ks = k.numbers();
        double[] vs = v.numbers();
        double[] ms = mask == null ? null : mask.numbers();
        int heads = q.shape().dim(1);
        int shared = k.shape().dim(1);
        int queries = q.shape().dim(2);
        int keys = k.shape().dim(2);
        int width = q.shape().dim(3);
        int values = v.shape().dim(3);
        double lowest = -Numbers.largest(q.dtype());
        Shape shape = q.shape().with(3, values);
        double[] out = new double[shape.size()];
        double[] errors = new double[out.length];
        double[] scores = new double[keys];
        for (int row = 0; row < q.shape().dim(0) * heads * queries; row++) {
            int query = row % queries;
            int head = row / queries % heads;
            int matrix = row / queries / heads * shared + head / (heads / shared);
            double wrong = 0;
            for (int j = 0; j < keys; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int d = 0; d < width; d++) {
                    double product = qs[row * width + d] * ks[(matrix * keys + j) * width + d];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                scores[j] = sum * attention.scale();
                double error = (width + 3) * EPS * magnitude * attention.scale();
                boolean hidden = attention.causal() && j > query + keys - queries;
                if (mask != null && ms != null && mask.dtype() == DType.BOOL) {
                    hidden |= ms[row * keys + j] == 0;
                } else if (ms != null) {
                    scores[j] += ms[row * keys + j];
                    error += EPS * Math.abs(scores[j]);
                }
                if (hidden) {
                    scores[j] = lowest;
                } else {
                    wrong = Math.max(wrong, error);
                }
            }
            double max = max(scores, 0, keys);
            double sum = 0;
            double spread = 0;
            for (int j = 0; j < keys; j++) {
                sum += Math.exp(scores[j] - max);
                spread = scores[j] == lowest ? spread : Math.max(spread, max - scores[j]);
            }
            double relative = 2 * wrong + EPS * (2 * spread + 2 * EXP + 2.0 * keys + 4);
            for (int d = 0; d < values; d++) {
                double result = 0;
                double magnitude = 0;
                for (int j = 0; j < keys; j++) {
                    double term = Math.exp(scores[j] - max) / sum * vs[(matrix * keys + j) * values + d];
                    result += term;
                    magnitude += Math.abs(term);
                }
                out[row * values + d] = result;
                errors[row * values + d] = relative * magnitude;
            }
        }
        return near(q, shape, out, errors);
    }
}
