package org.lazuli.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Normalizes each feature, along the last axis, to mean 0 and variance 1 over all other axes, then scales and shifts it by
/// learned parameters.
///
/// In training, mean and variance are those of the input, and running averages of them are kept; in use, the running
/// averages take their place. Those are frozen parameters: saved with the others, but without a gradient.
///
/// See: S. Ioffe and C. Szegedy, *Batch normalization*, 2015. See also: MLX, *BatchNorm*.
public class BatchNorm extends Module implements Unary {
    private static final FreezeOptions RUNNING =
            new FreezeOptions(false, List.of("running_mean", "running_var"), false);

    /// Shape `(numFeatures)`, ones at first, or null.
    public @Nullable Array weight;

    /// Shape `(numFeatures)`, zeros at first, or null.
    public @Nullable Array bias;

    /// Shape `(numFeatures)`, zeros at first, or null.
    public @Nullable Array runningMean;

    /// Shape `(numFeatures)`, ones at first, or null.
    public @Nullable Array runningVar;

    private final int numFeatures;
    private final Options options;

    public BatchNorm(int numFeatures) {
        this(numFeatures, Options.DEFAULT);
    }

    public BatchNorm(int numFeatures, Options options) {
        this.numFeatures = numFeatures;
        this.options = options;
        weight = options.affine() ? Ops.ones(numFeatures) : null;
        bias = options.affine() ? Ops.zeros(numFeatures) : null;
        runningMean = options.trackRunningStats() ? Ops.zeros(numFeatures) : null;
        runningVar = options.trackRunningStats() ? Ops.ones(numFeatures) : null;
        super.freeze(RUNNING);
    }

    /// Makes parameters trainable, but for the running averages.
    @Override
    public Module unfreeze(FreezeOptions options) {
        super.unfreeze(options);
        return super.freeze(RUNNING);
    }

    /// @param x shape `(N,C)`, `(N,L,C)` or `(N,H,W,C)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        if (x.ndim() < 2 || x.ndim() > 4) {
            throw new IllegalArgumentException(
                    "BatchNorm: the input must have 2, 3 or 4 axes, but its shape is " + x.shape());
        }
        Norms.checkDims("BatchNorm", x, numFeatures);
        Array mean = runningMean;
        Array variance = runningVar;
        if (training() || mean == null || variance == null) {
            Axes others = Axes.of(IntStream.range(0, x.ndim() - 1).toArray());
            Array batchMean = x.mean(others);
            Array batchVariance = x.var(others, 0);
            if (mean != null && variance != null) {
                runningMean = moved(mean, batchMean);
                runningVar = moved(variance, x.var(others, 1));
            }
            mean = batchMean;
            variance = batchVariance;
        }
        Array normal = x.sub(mean).mul(variance.add(options.eps()).rsqrt());
        Array weight = this.weight;
        Array bias = this.bias;
        return weight == null || bias == null ? normal : weight.mul(normal).add(bias);
    }

    private Array moved(Array average, Array now) {
        double share = options.momentum();
        return average.mul(1 - share).add(now.mul(share));
    }

    @Override
    protected String extraRepr() {
        return numFeatures + ", eps=" + Repr.of(options.eps()) + ", momentum=" + Repr.of(options.momentum())
                + ", affine=" + Repr.of(options.affine()) + ", track_running_stats="
                + Repr.of(options.trackRunningStats());
    }

    /// Options of [BatchNorm].
    ///
    /// @param eps what is added to the variance
    /// @param momentum the share of the input's mean and variance in the running averages
    /// @param affine whether there are learned parameters
    /// @param trackRunningStats whether there are running averages; if not, mean and variance are always the input's
    public record Options(double eps, double momentum, boolean affine, boolean trackRunningStats) {
        public static final Options DEFAULT = new Options(1e-5, 0.1, true, true);

        public Options withEps(double eps) {
            return new Options(eps, momentum, affine, trackRunningStats);
        }

        public Options withMomentum(double momentum) {
            return new Options(eps, momentum, affine, trackRunningStats);
        }

        public Options withAffine(boolean affine) {
            return new Options(eps, momentum, affine, trackRunningStats);
        }

        public Options withTrackRunningStats(boolean trackRunningStats) {
            return new Options(eps, momentum, affine, trackRunningStats);
        }
    }
}
