package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Stochastic gradient descent, with momentum if wanted.
///
/// See also: MLX, *SGD*.
public class Sgd extends Optimizer {
    private final Options options;

    public Sgd(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Sgd(double learningRate, Options options) {
        super(learningRate);
        this.options = checked(options);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Sgd(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Sgd(Unary learningRate, Options options) {
        super(learningRate);
        this.options = checked(options);
    }

    private static Options checked(Options options) {
        if (options.nesterov() && !(options.momentum() > 0 && options.dampening() == 0)) {
            throw new IllegalArgumentException(
                    "Sgd: Nesterov momentum needs a momentum above 0 and a dampening of 0, not " + options.momentum()
                            + " and " + options.dampening());
        }
        return options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("v", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        Array lr = learningRateFor(gradient);
        Array slope = options.weightDecay() == 0 ? gradient : gradient.add(parameter.mul(options.weightDecay()));
        if (options.momentum() <= 0) {
            return parameter.sub(lr.mul(slope));
        }
        Array fresh = options.dampening() > 0 ? slope.mul(1 - options.dampening()) : slope;
        Array v = get(state, "v").mul(options.momentum()).add(fresh);
        state.put("v", v);
        Array move = options.nesterov() ? slope.add(v.mul(options.momentum())) : v;
        return parameter.sub(lr.mul(move));
    }

    /// Options of [Sgd].
    ///
    /// @param momentum the share of the last move that is made again; 0 keeps no state of it
    /// @param weightDecay the share of a parameter that is added to its gradient
    /// @param dampening the share of the gradient that momentum leaves out
    /// @param nesterov whether to look ahead, which needs momentum and no dampening
    public record Options(double momentum, double weightDecay, double dampening, boolean nesterov) {
        public static final Options DEFAULT = new Options(0.0, 0.0, 0.0, false);

        public Options withMomentum(double momentum) {
            return new Options(momentum, weightDecay, dampening, nesterov);
        }

        public Options withWeightDecay(double weightDecay) {
            return new Options(momentum, weightDecay, dampening, nesterov);
        }

        public Options withDampening(double dampening) {
            return new Options(momentum, weightDecay, dampening, nesterov);
        }

        public Options withNesterov(boolean nesterov) {
            return new Options(momentum, weightDecay, dampening, nesterov);
        }
    }
}
