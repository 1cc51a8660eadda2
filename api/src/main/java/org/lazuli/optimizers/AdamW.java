package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// [Adam] with weight decay that does not go through the gradient.
///
/// See also: MLX, *AdamW*.
public class AdamW extends Adam {
    private final Options options;

    public AdamW(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public AdamW(double learningRate, Options options) {
        super(learningRate, options.adam());
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public AdamW(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public AdamW(Unary learningRate, Options options) {
        super(learningRate, options.adam());
        this.options = options;
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        Array kept = Ops.sub(1, learningRateFor(gradient).mul(options.weightDecay()));
        return super.applySingle(gradient, parameter.mul(kept), state);
    }

    /// Options of [AdamW].
    ///
    /// @param beta1 the share of the old average of gradients that is kept
    /// @param beta2 the share of the old average of squared gradients that is kept
    /// @param eps what is added to the divisor
    /// @param weightDecay the share of a parameter, times the learning rate, that it loses in each step
    /// @param biasCorrection whether to correct the averages for starting at 0
    public record Options(double beta1, double beta2, double eps, double weightDecay, boolean biasCorrection) {
        public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8, 0.01, false);

        public Options withBeta1(double beta1) {
            return new Options(beta1, beta2, eps, weightDecay, biasCorrection);
        }

        public Options withBeta2(double beta2) {
            return new Options(beta1, beta2, eps, weightDecay, biasCorrection);
        }

        public Options withEps(double eps) {
            return new Options(beta1, beta2, eps, weightDecay, biasCorrection);
        }

        public Options withWeightDecay(double weightDecay) {
            return new Options(beta1, beta2, eps, weightDecay, biasCorrection);
        }

        public Options withBiasCorrection(boolean biasCorrection) {
            return new Options(beta1, beta2, eps, weightDecay, biasCorrection);
        }

        private Adam.Options adam() {
            return new Adam.Options(beta1, beta2, eps, biasCorrection);
        }
    }
}
