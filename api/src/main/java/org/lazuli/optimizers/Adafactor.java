package org.lazuli.optimizers;

import java.util.Map;
import java.util.OptionalDouble;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// Steps divided by the root of an average of squared gradients, of which only the rows' and the columns' sums are kept.
///
/// For a parameter with `n` rows and `m` columns, the state has `n + m` elements rather than `n m`; parameters with fewer than two axes are
/// treated as by [RMSprop]. Unless a learning rate is given, the step's size is chosen by the number of steps and, if the options say
/// so, the size of the parameter.
///
/// State: `exp_avg_sq_row` and `exp_avg_sq_col`, or `exp_avg_sq`; `exp_avg` with a `beta1`.
///
/// See: N. Shazeer and M. Stern, *Adafactor: adaptive learning rates with sublinear memory cost*, 2018. See also: MLX, *Adafactor*.
public class Adafactor extends Optimizer {
    private static final String ROWS = "exp_avg_sq_row";
    private static final String COLUMNS = "exp_avg_sq_col";
    private static final String SQUARES = "exp_avg_sq";
    private static final String MOMENTUM = "exp_avg";

    private final Options options;

    /// Step sizes by the number of steps.
    public Adafactor() {
        this(Options.DEFAULT);
    }

    /// Step sizes by the number of steps.
    ///
    /// @throws IllegalArgumentException if the options' `relativeStep` is off
    public Adafactor(Options options) {
        this.options = options;
        if (!options.relativeStep()) {
            throw new IllegalArgumentException("Adafactor: give a learning rate, or options with relativeStep");
        }
    }

    public Adafactor(double learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    public Adafactor(Unary learningRate, Options options) {
        super(learningRate);
        this.options = options;
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        int rank = parameter.ndim();
        Shape shape = parameter.shape();
        if (rank >= 2) {
            state.put(ROWS, Ops.zeros(shape.slice(0, rank - 1), parameter.dtype()));
            state.put(COLUMNS, Ops.zeros(shape.remove(rank - 2), parameter.dtype()));
        } else {
            state.put(SQUARES, Ops.zerosLike(parameter));
        }
        if (options.beta1().isPresent()) {
            state.put(MOMENTUM, Ops.zerosLike(parameter));
        }
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        Array size = rootMeanSquare(parameter);
        Array rate = stepSize(size);
        Array kept = Ops.sub(1, step().pow(options.decayRate())).astype(size.dtype());
        Array squares = gradient.square().add(options.eps1());
        Array scaled = inverseRoot(squares, kept, state).mul(gradient);
        Array limit = Ops.maximum(rootMeanSquare(scaled).div(options.clipThreshold()), 1.0);
        Array move = rate.mul(scaled.div(limit));
        if (options.beta1().isPresent()) {
            double beta1 = options.beta1().getAsDouble();
            move = get(state, MOMENTUM).mul(beta1).add(move.mul(1 - beta1));
            state.put(MOMENTUM, move);
        }
        Array start =
                options.weightDecay() == 0 ? parameter : parameter.add(parameter.mul(rate.mul(-options.weightDecay())));
        return start.sub(move);
    }

    /// One over the root of the average of squared gradients.
    private static Array inverseRoot(Array squares, Array kept, Map<String, Array> state) {
        Array fresh = Ops.sub(1, kept);
        if (squares.ndim() < 2) {
            Array average = kept.mul(get(state, SQUARES)).add(fresh.mul(squares));
            state.put(SQUARES, average);
            return average.rsqrt();
        }
        Array rows = kept.mul(get(state, ROWS)).add(fresh.mul(squares.mean(-1)));
        Array columns = kept.mul(get(state, COLUMNS)).add(fresh.mul(squares.mean(-2)));
        state.put(ROWS, rows);
        state.put(COLUMNS, columns);
        Array shares = rows.div(rows.mean(Axes.of(-1).keepDims()));
        return shares.rsqrt().expandDims(-1).mul(columns.rsqrt().expandDims(-2));
    }

    private Array stepSize(Array size) {
        Array rate = learning();
        Array relative = rate.astype(size.dtype());
        return options.scaleParameter() ? Ops.maximum(size, options.eps2()).mul(relative) : relative;
    }

    private Array learning() {
        if (!options.relativeStep()) {
            return learningRate();
        }
        Array byTime = step().rsqrt();
        return options.warmupInit() ? Ops.minimum(step().mul(1e-6), byTime) : Ops.minimum(byTime, 1e-2);
    }

    private static Array rootMeanSquare(Array x) {
        return x.square().mean().sqrt();
    }

    /// Options of [Adafactor].
    ///
    /// @param eps1 what is added to squared gradients
    /// @param eps2 the least size of a parameter, where steps are scaled by it
    /// @param clipThreshold the largest root mean square of a step before it is scaled
    /// @param decayRate a step's share of the averages is its number to this power
    /// @param beta1 the share of the old average of steps that is kept; none is made if empty
    /// @param weightDecay the share of a parameter, times the size of the step, that it loses in each step
    /// @param scaleParameter whether steps are scaled by the root mean square of the parameter
    /// @param relativeStep whether the size of steps goes by their number, instead of a learning rate
    /// @param warmupInit whether it also grows from 0 at first
    public record Options(
            double eps1,
            double eps2,
            double clipThreshold,
            double decayRate,
            OptionalDouble beta1,
            double weightDecay,
            boolean scaleParameter,
            boolean relativeStep,
            boolean warmupInit) {
        public static final Options DEFAULT =
                new Options(1e-30, 1e-3, 1.0, -0.8, OptionalDouble.empty(), 0.0, true, true, false);

        public Options withEps1(double eps1) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withEps2(double eps2) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withClipThreshold(double clipThreshold) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withDecayRate(double decayRate) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withBeta1(double beta1) {
            return new Options(
                    eps1,
                    eps2,
                    clipThreshold,
                    decayRate,
                    OptionalDouble.of(beta1),
                    weightDecay,
                    scaleParameter,
                    relativeStep,
                    warmupInit);
        }

        public Options withWeightDecay(double weightDecay) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withScaleParameter(boolean scaleParameter) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withRelativeStep(boolean relativeStep) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }

        public Options withWarmupInit(boolean warmupInit) {
            return new Options(
                    eps1, eps2, clipThreshold, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit);
        }
    }
}
