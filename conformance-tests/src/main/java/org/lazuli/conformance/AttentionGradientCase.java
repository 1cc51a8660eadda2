package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;

/// The gradients of attention in `double`, with the error that each step in float32 adds.
final class AttentionGradientCase {
    private static final double EPS = 0x1p-24;

    /// Of the exponential function, in units of roundoff: four ulps.
    private static final double EXP = 8;

    private final Accelerated.AttentionGradient kernel;
    private final double[] q;
    private final double[] k;
    private final double[] v;
    private final double[] g;
    private final int examples;
    private final int heads;
    private final int groups;
    private final int queries;
    private final int keys;
    private final int size;
    private final int width;
    private final double[] out;
    private final double[] errors;

    private AttentionGradientCase(Accelerated.AttentionGradient kernel, List<HostTensor> operands) {
        this.kernel = kernel;
        q = operands.get(0).numbers();
        k = operands.get(1).numbers();
        v = operands.get(2).numbers();
        g = operands.get(3).numbers();
        Shape shape = operands.get(0).shape();
        examples = shape.dim(0);
        heads = shape.dim(1);
        queries = shape.dim(2);
        size = shape.dim(3);
        groups = operands.get(1).shape().dim(1);
        keys = operands.get(1).shape().dim(2);
        width = operands.get(2).shape().dim(3);
        out = new double[q.length + k.length + v.length];
        errors = new double[out.length];
    }

    static Case of(Draw draw) {
        List<HostTensor> operands = new ArrayList<>(AcceleratedRows.attended(draw));
        Shape shape = operands.get(0).shape();
        operands.add(draw.any(draw.dtype, shape.with(3, operands.get(2).shape().dim(3))));
        float scale = (float) (1 / Math.sqrt(shape.dim(3)));
        var kernel = new Accelerated.AttentionGradient(scale, draw.choices.flag());
        return new Case(kernel, operands, (_, _, in) -> {
            AttentionGradientCase judge = new AttentionGradientCase(kernel, in);
            for (int row = 0; row < judge.examples * judge.heads * judge.queries; row++) {
                judge.query(row);
            }
            return AcceleratedRows.near(in.get(0), Shape.of(judge.out.length), judge.out, judge.errors);
        });
    }

    /// What one query of one head adds: the shares are off as in attention; a sum by a rounding for each term, and by the errors of these.
    private void query(int row) {
        int query = row % queries;
        int head = row / queries % heads;
        int example = row / queries / heads;
        int matrix = example * groups + head / (heads / groups);
        double[] shares = new double[keys];
        double relative = shares(row, query, matrix, shares);
        double[] cotangents = new double[keys];
        double[] off = new double[keys];
        double shift = 0;
        double shiftError = 0;
        for (int j = 0; j < keys; j++) {
            double magnitude = 0;
            for (int d = 0; d < width; d++) {
                double product = g[row * width + d] * v[(matrix * keys + j) * width + d];
                cotangents[j] += product;
                magnitude += Math.abs(product);
            }
            off[j] = EPS * (width + 1) * magnitude;
            shift += shares[j] * cotangents[j];
            shiftError += shares[j] * (Math.abs(cotangents[j]) * (relative + EPS * (keys + 2)) + off[j]);
        }
        int terms = queries * heads / groups;
        for (int j = 0; j < keys; j++) {
            double slope = shares[j] * (cotangents[j] - shift);
            double error = shares[j] * (off[j] + shiftError) + Math.abs(slope) * (relative + 4 * EPS);
            if (hidden(query, j)) {
                slope = 0;
                error = 0;
            }
            for (int d = 0; d < size; d++) {
                double key = kernel.scale() * k[(matrix * keys + j) * size + d];
                double own = kernel.scale() * q[row * size + d];
                add(((example * queries + query) * heads + head) * size + d, slope, error, key, keys + 2);
                add(q.length + place(matrix, j) * size + d, slope, error, own, terms + 2);
            }
            for (int d = 0; d < width; d++) {
                int at = q.length + k.length + place(matrix, j) * width + d;
                add(at, shares[j], shares[j] * relative, g[row * width + d], terms + 2);
            }
        }
    }

    private void add(int at, double factor, double error, double other, int roundings) {
        out[at] += factor * other;
        errors[at] += error * Math.abs(other) + EPS * roundings * Math.abs(factor * other);
    }

    /// Where the row of a key lies once the axis of heads has come after that of keys.
    private int place(int matrix, int key) {
        return (matrix / groups * keys + key) * groups + matrix % groups;
    }

    private boolean hidden(int query, int key) {
        return kernel.causal() && key > query + keys - queries;
    }

    /// Fills in the shares.
    ///
    /// @return their relative error
    private double shares(int row, int query, int matrix, double[] shares) {
        double wrong = 0;
        double[] scores = new double[keys];
        for (int j = 0; j < keys; j++) {
            double magnitude = 0;
            for (int d = 0; d < size; d++) {
                double product = q[row * size + d] * k[(matrix * keys + j) * size + d];
                scores[j] += kernel.scale() * product;
                magnitude += Math.abs(product);
            }
            if (hidden(query, j)) {
                scores[j] = -Float.MAX_VALUE;
            } else {
                wrong = Math.max(wrong, (size + 3) * EPS * magnitude * kernel.scale());
            }
        }
        double max = AcceleratedRows.max(scores, 0, keys);
        double sum = 0;
        double spread = 0;
        for (int j = 0; j < keys; j++) {
            sum += Math.exp(scores[j] - max);
            spread = hidden(query, j) ? spread : Math.max(spread, max - scores[j]);
        }
        for (int j = 0; j < keys; j++) {
            shares[j] = Math.exp(scores[j] - max) / sum;
        }
        return 2 * wrong + EPS * (2 * spread + 2 * EXP + 2.0 * keys + 4);
    }
}
