package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps divided by the root of a moving average of squared gradients.
///
/// See also: MLX, *RMSprop*.
public class RMSprop extends Optimizer {
    private final Options options;

    public RMSprop(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public RMSprop(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public RMSprop(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public RMSprop(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("v", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        double alpha = options.alpha();
        Array v = get(state, "v").mul(alpha).add(gradient.square().mul(1 - alpha));
        state.put("v", v);
        return parameter.sub(
                learningRateFor(gradient).mul(gradient).div(v.sqrt().add(options.eps())));
    }

    /// Options of [RMSprop].
    ///
    /// @param alpha the share of the old average that is kept, at least 0
    /// @param eps what is added to the divisor, at least 0
    public record Options(double alpha, double eps) {
        public static final Options DEFAULT = new Options(0.99, 1e-8);

        public Options {
            if (!(alpha >= 0)) {
                throw new IllegalArgumentException("RMSprop: alpha must not be negative: " + alpha);
            }
            if (!(eps >= 0)) {
                throw new IllegalArgumentException("RMSprop: eps must not be negative: " + eps);
            }
        }

        public Options withAlpha(double alpha) {
            return new Options(alpha, eps);
        }

        public Options withEps(double eps) {
            return new Options(alpha, eps);
        }
    }
}
