package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps along the orthogonal matrix that is nearest to a moving average of gradients: of the same size in all directions.
///
/// For matrices, and for parameters with more axes taken as matrices with a row for each element of the first axis; parameters with fewer
/// than two axes move along the average itself, as do embeddings and last layers better with an [AdamW] of their own ([MultiOptimizer]).
///
/// The orthogonal matrix is approximated by iterating `X = a X + (b X Xᵀ + c (X Xᵀ)²) X`, whose constants make singular values
/// approach 1 fast and stay near it.
///
/// State: `v`, the average.
///
/// See: K. Jordan et al., *Muon: an optimizer for hidden layers in neural networks*, 2024. See also: MLX, *Muon*.
public class Muon extends Optimizer {
    private static final double A = 3.4445;
    private static final double B = -4.7750;
    private static final double C = 2.0315;

    private final Options options;

    public Muon(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Muon(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Muon(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Muon(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("v", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        double momentum = options.momentum();
        Array slope = options.weightDecay() == 0 ? gradient : gradient.add(parameter.mul(options.weightDecay()));
        Array v = get(state, "v").mul(momentum).add(slope.mul(1 - momentum));
        state.put("v", v);
        Array move = options.nesterov() ? slope.mul(1 - momentum).add(v.mul(momentum)) : v;
        Array rate = learningRateFor(gradient);
        if (move.ndim() >= 2 && move.size() > 0) {
            move = orthogonal(move.reshape(move.dim(0), -1)).reshape(move.shape());
            rate = rate.mul(Math.sqrt(Math.max(1.0, (double) move.dim(-2) / move.dim(-1))));
        }
        return parameter.sub(rate.mul(move));
    }

    private Array orthogonal(Array matrix) {
        boolean tall = matrix.dim(0) > matrix.dim(1);
        Array x = tall ? matrix.transpose() : matrix;
        x = x.div(x.square().sum().sqrt().add(1e-7));
        for (int i = 0; i < options.nsSteps(); i++) {
            Array square = x.matmul(x.transpose());
            Array polynomial = Ops.addmm(square.mul(B), square, square, C, 1);
            x = Ops.addmm(x.mul(A), polynomial, x);
        }
        return tall ? x.transpose() : x;
    }

    /// Options of [Muon].
    ///
    /// @param momentum the share of the old average that is kept
    /// @param weightDecay the share of a parameter that is added to its gradient
    /// @param nesterov whether to look ahead
    /// @param nsSteps how often to iterate
    public record Options(double momentum, double weightDecay, boolean nesterov, int nsSteps) {
        public static final Options DEFAULT = new Options(0.95, 0.01, true, 5);

        public Options withMomentum(double momentum) {
            return new Options(momentum, weightDecay, nesterov, nsSteps);
        }

        public Options withWeightDecay(double weightDecay) {
            return new Options(momentum, weightDecay, nesterov, nsSteps);
        }

        public Options withNesterov(boolean nesterov) {
            return new Options(momentum, weightDecay, nesterov, nsSteps);
        }

        public Options withNsSteps(int nsSteps) {
            return new Options(momentum, weightDecay, nesterov, nsSteps);
        }
    }
}
