package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps divided by the root of the sum of all squared gradients.
///
/// See also: MLX, *Adagrad*.
public class Adagrad extends Optimizer {
    private final Options options;

    public Adagrad(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Adagrad(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adagrad(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adagrad(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("v", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        Array v = get(state, "v").add(gradient.square());
        state.put("v", v);
        return parameter.sub(
                learningRateFor(gradient).mul(gradient).div(v.sqrt().add(options.eps())));
    }

    /// Options of [Adagrad].
    ///
    /// @param eps what is added to the divisor, at least 0
    public record Options(double eps) {
        public static final Options DEFAULT = new Options(1e-8);

        public Options {
            if (!(eps >= 0)) {
                throw new IllegalArgumentException("Adagrad: eps must not be negative: " + eps);
            }
        }

        public Options withEps(double eps) {
            return new Options(eps);
        }
    }
}
