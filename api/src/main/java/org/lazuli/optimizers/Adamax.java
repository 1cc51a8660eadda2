package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// [Adam] with the largest of decaying absolute gradients in place of the root of squared ones.
///
/// See also: MLX, *Adamax*.
public class Adamax extends Optimizer {
    private final Options options;

    public Adamax(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public Adamax(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adamax(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adamax(Unary learningRate, Options options) {
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
        Array m = get(state, "m").mul(beta1).add(gradient.mul(1 - beta1));
        Array v = Ops.maximum(get(state, "v").mul(options.beta2()), gradient.abs());
        state.put("m", m);
        state.put("v", v);
        return parameter.sub(learningRateFor(gradient).mul(m).div(v.add(options.eps())));
    }

    /// Options of [Adamax].
    ///
    /// @param beta1 the share of the old average of gradients that is kept
    /// @param beta2 the share of the old average of squared gradients that is kept
    /// @param eps what is added to the divisor
    public record Options(double beta1, double beta2, double eps) {
        public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8);

        public Options {
            if (!(eps >= 0)) {
                throw new IllegalArgumentException("Adamax: eps must not be negative: " + eps);
            }
        }

        public Options withBeta1(double beta1) {
            return new Options(beta1, beta2, eps);
        }

        public Options withBeta2(double beta2) {
            return new Options(beta1, beta2, eps);
        }

        public Options withEps(double eps) {
            return new Options(beta1, beta2, eps);
        }
    }
}
