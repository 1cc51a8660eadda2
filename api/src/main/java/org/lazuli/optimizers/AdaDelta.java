package org.lazuli.optimizers;

import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Steps scaled by the ratio of moving averages of squared steps and squared gradients.
///
/// See also: MLX, *AdaDelta*.
public class AdaDelta extends Optimizer {
    private final Options options;

    public AdaDelta(double learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    public AdaDelta(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public AdaDelta(Unary learningRate) {
        this(learningRate, Options.DEFAULT);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public AdaDelta(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        state.put("v", Ops.zerosLike(parameter));
        state.put("u", Ops.zerosLike(parameter));
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        double rho = options.rho();
        double eps = options.eps();
        Array v = get(state, "v").mul(rho).add(gradient.square().mul(1 - rho));
        Array u = get(state, "u");
        Array move = u.add(eps).sqrt().div(v.add(eps).sqrt()).mul(gradient);
        state.put("v", v);
        state.put("u", u.mul(rho).add(move.square().mul(1 - rho)));
        return parameter.sub(learningRateFor(gradient).mul(move));
    }

    /// Options of [AdaDelta].
    ///
    /// @param rho the share of the old averages that is kept, at least 0
    /// @param eps what is added to the averages, at least 0
    public record Options(double rho, double eps) {
        public static final Options DEFAULT = new Options(0.9, 1e-6);

        public Options {
            if (!(rho >= 0)) {
                throw new IllegalArgumentException("AdaDelta: rho must not be negative: " + rho);
            }
            if (!(eps >= 0)) {
                throw new IllegalArgumentException("AdaDelta: eps must not be negative: " + eps);
            }
        }

        public Options withRho(double rho) {
            return new Options(rho, eps);
        }

        public Options withEps(double eps) {
            return new Options(rho, eps);
        }
    }
}
