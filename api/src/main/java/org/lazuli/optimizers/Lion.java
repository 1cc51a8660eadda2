package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps of equal size in the direction of the sign of a moving average of gradients.
///
/// See also: MLX, *Lion*.
public class Lion extends Optimizer {
    private final Options options;

    public Lion(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Lion(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Lion(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Lion(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("m", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        Array lr = learningRateFor(gradient);
        Array m = get(state, "m");
        Array direction =
                m.mul(options.beta1()).add(gradient.mul(1 - options.beta1())).sign();
        state.put("m", m.mul(options.beta2()).add(gradient.mul(1 - options.beta2())));
        Array kept = options.weightDecay() > 0 ? parameter.mul(Ops.sub(1, lr.mul(options.weightDecay()))) : parameter;
        return kept.sub(lr.mul(direction));
    }

    /// Options of [Lion].
    ///
    /// @param beta1 the weight of the average in the direction of a step
    /// @param beta2 the share of the old average that is kept
    /// @param weightDecay the share of a parameter, times the learning rate, that it loses in each step
    public record Options(double beta1, double beta2, double weightDecay) {
        public static final Options DEFAULT = new Options(0.9, 0.99, 0.0);

        public Options withBeta1(double beta1) {
            return new Options(beta1, beta2, weightDecay);
        }

        public Options withBeta2(double beta2) {
            return new Options(beta1, beta2, weightDecay);
        }

        public Options withWeightDecay(double weightDecay) {
            return new Options(beta1, beta2, weightDecay);
        }
    }
}
