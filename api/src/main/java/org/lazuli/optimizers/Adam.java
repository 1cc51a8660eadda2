package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps along a moving average of gradients, divided by the root of one of squared gradients.
///
/// As in MLX, the averages are not corrected for starting at 0 unless the options ask for it.
///
/// See also: MLX, *Adam*.
public class Adam extends Optimizer {
    private final Options options;

    public Adam(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Adam(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adam(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adam(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("m", Ops.zerosLike(parameter));
        state.put("v", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        double beta1 = options.beta1();
        double beta2 = options.beta2();
        Array lr = learningRateFor(gradient);
        Array m = get(state, "m").mul(beta1).add(gradient.mul(1 - beta1));
        Array v = get(state, "v").mul(beta2).add(gradient.square().mul(1 - beta2));
        state.put("m", m);
        state.put("v", v);
        if (!options.biasCorrection()) {
            return parameter.sub(lr.mul(m).div(v.sqrt().add(options.eps())));
        }
        Array c1 = lr.div(Ops.sub(1, Ops.pow(beta1, step()))).astype(gradient.dtype());
        Array c2 = Ops.sub(1, Ops.pow(beta2, step())).rsqrt().astype(gradient.dtype());
        return parameter.sub(c1.mul(m).div(v.sqrt().mul(c2).add(options.eps())));
    }

    /// Options of [Adam].
    ///
    /// @param beta1 the share of the old average of gradients that is kept
    /// @param beta2 the share of the old average of squared gradients that is kept
    /// @param eps what is added to the divisor
    /// @param biasCorrection whether to correct the averages for starting at 0
    public record Options(double beta1, double beta2, double eps, boolean biasCorrection) {
        public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8, false);

        public Options withBeta1(double beta1) {
            return new Options(beta1, beta2, eps, biasCorrection);
        }

        public Options withBeta2(double beta2) {
            return new Options(beta1, beta2, eps, biasCorrection);
        }

        public Options withEps(double eps) {
            return new Options(beta1, beta2, eps, biasCorrection);
        }

        public Options withBiasCorrection(boolean biasCorrection) {
            return new Options(beta1, beta2, eps, biasCorrection);
        }
    }
}
