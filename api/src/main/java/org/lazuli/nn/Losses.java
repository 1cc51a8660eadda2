package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Loss functions: how far predictions are from targets.
///
/// Each takes a [Reduction], or has the default of MLX when called without: the mean, or none where that is said.
///
/// ```java
/// Array loss = Losses.crossEntropy(logits, classes, Reduction.MEAN);
/// ```
///
/// All throw [IllegalArgumentException] if shapes do not fit.
///
/// See also: MLX, *Loss Functions*.
public final class Losses {
    private Losses() {}

    /// Cross entropy of each element, not reduced; see [#crossEntropy(Array, Array, CrossEntropyOptions)].
    public static Array crossEntropy(Array logits, Array targets) {
        return crossEntropy(logits, targets, CrossEntropyOptions.DEFAULT);
    }

    /// Cross entropy; see [#crossEntropy(Array, Array, CrossEntropyOptions)].
    public static Array crossEntropy(Array logits, Array targets, Reduction reduction) {
        return crossEntropy(logits, targets, CrossEntropyOptions.DEFAULT.withReduction(reduction));
    }

    /// Cross entropy between the distribution given by the softmax of logits and a target.
    ///
    /// @param logits one for each class along the options' axis, such as `(N,C)`
    /// @param targets the numbers of the right classes, with the shape of `logits` less that axis, such as `(N)`; or the
    ///     probabilities of classes, with the shape of `logits`
    /// @return with the shape of `logits` less the axis, unless reduced
    public static Array crossEntropy(Array logits, Array targets, CrossEntropyOptions options) {
        int axis = logits.shape().axis(options.axis(), "crossEntropy");
        Shape reduced = logits.shape().remove(axis);
        boolean probabilities = targets.ndim() == logits.ndim();
        if (!targets.shape().equals(probabilities ? logits.shape() : reduced)) {
            throw new IllegalArgumentException("crossEntropy: targets of shape " + targets.shape()
                    + " do not fit logits of shape " + logits.shape() + " along axis " + options.axis()
                    + ": give class numbers of shape " + reduced + " or probabilities of shape " + logits.shape());
        }
        // Softmax is the same for shifted logits, and shifted ones do not overflow.
        Array shifted = logits.sub(logits.max(Axes.of(axis).keepDims()).stopGradient());
        Array score = probabilities
                ? shifted.mul(targets).sum(axis)
                : shifted.takeAlongAxis(targets.expandDims(axis), axis).squeeze(axis);
        Array loss = shifted.logsumexp(axis);
        double smoothing = options.labelSmoothing();
        loss = smoothing > 0
                ? loss.sub(score.mul(1 - smoothing))
                        .add(shifted.mean(axis).neg().mul(smoothing))
                : loss.sub(score);
        Array weights = options.weights();
        return options.reduction().of(weights == null ? loss : weighted("crossEntropy", loss, weights));
    }

    /// The mean binary cross entropy of logits.
    public static Array binaryCrossEntropy(Array inputs, Array targets) {
        return binaryCrossEntropy(inputs, targets, BinaryCrossEntropyOptions.DEFAULT);
    }

    /// Binary cross entropy between probabilities, or logits, and targets from 0 to 1 of the same shape.
    ///
    /// Logarithms of probabilities are at least -100.
    public static Array binaryCrossEntropy(Array inputs, Array targets, BinaryCrossEntropyOptions options) {
        checkSame("binaryCrossEntropy", "inputs", inputs, "targets", targets);
        Array loss;
        if (options.withLogits()) {
            loss = Ops.logaddexp(Ops.full(Shape.SCALAR, 0, inputs.dtype()), inputs)
                    .sub(inputs.mul(targets));
        } else {
            Array log = inputs.log().clip(-100, null);
            Array logInverse = Ops.sub(1, inputs).log().clip(-100, null);
            loss = targets.mul(log).add(Ops.sub(1, targets).mul(logInverse)).neg();
        }
        Array weights = options.weights();
        return options.reduction().of(weights == null ? loss : weighted("binaryCrossEntropy", loss, weights));
    }

    /// The mean absolute difference.
    public static Array l1Loss(Array predictions, Array targets) {
        return l1Loss(predictions, targets, Reduction.MEAN);
    }

    /// The absolute difference of arrays of the same shape.
    public static Array l1Loss(Array predictions, Array targets, Reduction reduction) {
        checkSame("l1Loss", "predictions", predictions, "targets", targets);
        return reduction.of(predictions.sub(targets).abs());
    }

    /// The mean squared difference.
    public static Array mseLoss(Array predictions, Array targets) {
        return mseLoss(predictions, targets, Reduction.MEAN);
    }

    /// The squared difference of arrays of the same shape.
    public static Array mseLoss(Array predictions, Array targets, Reduction reduction) {
        checkSame("mseLoss", "predictions", predictions, "targets", targets);
        return reduction.of(predictions.sub(targets).square());
    }

    /// The negative log likelihood of classes, not reduced, with classes along the last axis.
    public static Array nllLoss(Array inputs, Array targets) {
        return nllLoss(inputs, targets, -1, Reduction.NONE);
    }

    /// The negative log likelihood of classes.
    ///
    /// @param inputs logarithms of probabilities, one for each class along `axis`
    /// @param targets the numbers of the right classes, with the shape of `inputs` less that axis
    public static Array nllLoss(Array inputs, Array targets, int axis, Reduction reduction) {
        int normal = inputs.shape().axis(axis, "nllLoss");
        if (!targets.shape().equals(inputs.shape().remove(normal))) {
            throw new IllegalArgumentException(
                    "nllLoss: targets of shape " + targets.shape() + " do not fit inputs of shape "
                            + inputs.shape() + " along axis " + axis + ": give class numbers of shape "
                            + inputs.shape().remove(normal));
        }
        Array chosen = inputs.takeAlongAxis(targets.expandDims(normal), normal).squeeze(normal);
        return reduction.of(chosen.neg());
    }

    /// The mean negative log likelihood of targets under normal distributions.
    public static Array gaussianNllLoss(Array inputs, Array targets, Array vars) {
        return gaussianNllLoss(inputs, targets, vars, false, 1e-6, Reduction.MEAN);
    }

    /// The negative log likelihood of targets under normal distributions, all of the same shape.
    ///
    /// @param inputs the means
    /// @param vars the variances, taken to be at least `eps`
    /// @param full whether to include the constant term
    public static Array gaussianNllLoss(
            Array inputs, Array targets, Array vars, boolean full, double eps, Reduction reduction) {
        checkSame("gaussianNllLoss", "inputs", inputs, "targets", targets);
        checkSame("gaussianNllLoss", "inputs", inputs, "vars", vars);
        Array variance = Ops.maximum(vars, eps);
        Array loss =
                variance.log().add(targets.sub(inputs).square().div(variance)).mul(0.5);
        return reduction.of(full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss);
    }

    /// The divergence of Kullback and Leibler along the last axis, not reduced.
    public static Array klDivLoss(Array inputs, Array targets) {
        return klDivLoss(inputs, targets, -1, Reduction.NONE);
    }

    /// The divergence of Kullback and Leibler along an axis.
    ///
    /// @param inputs logarithms of the predicted probabilities
    /// @param targets logarithms of the probabilities
    public static Array klDivLoss(Array inputs, Array targets, int axis, Reduction reduction) {
        return reduction.of(targets.exp().mul(targets.sub(inputs)).sum(axis));
    }

    /// The mean of [#smoothL1Loss(Array, Array, double, Reduction)] with `beta` = 1.
    public static Array smoothL1Loss(Array predictions, Array targets) {
        return smoothL1Loss(predictions, targets, 1.0, Reduction.MEAN);
    }

    /// Half the squared difference divided by `beta` where the absolute difference is below `beta`, else the absolute
    /// difference less half of `beta`.
    public static Array smoothL1Loss(Array predictions, Array targets, double beta, Reduction reduction) {
        checkSame("smoothL1Loss", "predictions", predictions, "targets", targets);
        Array difference = predictions.sub(targets);
        Array distance = difference.abs();
        return reduction.of(
                Ops.where(distance.lt(beta), difference.square().mul(0.5).div(beta), distance.sub(0.5 * beta)));
    }

    /// [#huberLoss(Array, Array, double, Reduction)] with `delta` = 1, not reduced.
    public static Array huberLoss(Array inputs, Array targets) {
        return huberLoss(inputs, targets, 1.0, Reduction.NONE);
    }

    /// Half the squared difference where the absolute difference is at most `delta`, and linear beyond. Shapes broadcast.
    public static Array huberLoss(Array inputs, Array targets, double delta, Reduction reduction) {
        Array distance = inputs.sub(targets).abs();
        Array quadratic = Ops.minimum(distance, delta);
        Array linear = distance.sub(quadratic);
        return reduction.of(quadratic.square().mul(0.5).add(linear.mul(delta)));
    }

    /// [#tripletLoss(Array, Array, Array, TripletLossOptions)] with the options' defaults: not reduced.
    public static Array tripletLoss(Array anchors, Array positives, Array negatives) {
        return tripletLoss(anchors, positives, negatives, TripletLossOptions.DEFAULT);
    }

    /// By how much anchors are not closer to positives than to negatives by a margin.
    public static Array tripletLoss(Array anchors, Array positives, Array negatives, TripletLossOptions options) {
        Array near = distance(anchors, positives, options);
        Array far = distance(anchors, negatives, options);
        return options.reduction().of(Ops.maximum(near.sub(far).add(options.margin()), 0));
    }

    private static Array distance(Array a, Array b, TripletLossOptions options) {
        Array difference = a.sub(b);
        if (options.p() == 2) {
            return difference.square().sum(options.axis()).add(options.eps()).sqrt();
        }
        Array sum = difference.abs().pow(options.p()).sum(options.axis());
        return sum.add(options.eps()).pow(1.0 / options.p());
    }

    /// [#hingeLoss(Array, Array, Reduction)], not reduced.
    public static Array hingeLoss(Array inputs, Array targets) {
        return hingeLoss(inputs, targets, Reduction.NONE);
    }

    /// `max(1 - inputs * targets, 0)`, for targets of -1 and 1. Shapes broadcast.
    public static Array hingeLoss(Array inputs, Array targets, Reduction reduction) {
        return reduction.of(Ops.maximum(Ops.sub(1, inputs.mul(targets)), 0));
    }

    /// [#logCoshLoss(Array, Array, Reduction)], not reduced.
    public static Array logCoshLoss(Array inputs, Array targets) {
        return logCoshLoss(inputs, targets, Reduction.NONE);
    }

    /// The logarithm of the hyperbolic cosine of the difference, without overflow. Shapes broadcast.
    public static Array logCoshLoss(Array inputs, Array targets, Reduction reduction) {
        Array errors = inputs.sub(targets);
        return reduction.of(Ops.logaddexp(errors, errors.neg()).sub(Math.log(2)));
    }

    /// [#cosineSimilarityLoss(Array, Array, int, double, Reduction)] along axis 1, not reduced.
    public static Array cosineSimilarityLoss(Array x1, Array x2) {
        return cosineSimilarityLoss(x1, x2, 1, 1e-8, Reduction.NONE);
    }

    /// The cosine of the angle between vectors along an axis.
    ///
    /// @param eps the least product of lengths to divide by
    public static Array cosineSimilarityLoss(Array x1, Array x2, int axis, double eps, Reduction reduction) {
        Array lengths = length(x1, axis).mul(length(x2, axis));
        return reduction.of(x1.mul(x2).sum(axis).div(Ops.maximum(lengths, eps)));
    }

    private static Array length(Array x, int axis) {
        return x.square().sum(axis).sqrt();
    }

    /// [#marginRankingLoss(Array, Array, Array, double, Reduction)] without a margin, not reduced.
    public static Array marginRankingLoss(Array inputs1, Array inputs2, Array targets) {
        return marginRankingLoss(inputs1, inputs2, targets, 0.0, Reduction.NONE);
    }

    /// `max(0, margin - targets * (inputs1 - inputs2))`: with a target of 1, the first should be larger by the margin,
    /// with -1 the second.
    public static Array marginRankingLoss(
            Array inputs1, Array inputs2, Array targets, double margin, Reduction reduction) {
        checkSame("marginRankingLoss", "inputs1", inputs1, "inputs2", inputs2);
        checkSame("marginRankingLoss", "inputs1", inputs1, "targets", targets);
        Array shortfall = targets.neg().mul(inputs1.sub(inputs2)).add(margin);
        return reduction.of(Ops.maximum(shortfall, 0));
    }

    private static Array weighted(String operation, Array loss, Array weights) {
        if (!weights.shape().equals(loss.shape())) {
            throw new IllegalArgumentException(operation + ": weights of shape " + weights.shape()
                    + " do not fit the loss, of shape " + loss.shape() + ": give one weight for each element of it");
        }
        return loss.mul(weights);
    }

    private static void checkSame(String operation, String nameA, Array a, String nameB, Array b) {
        if (!a.shape().equals(b.shape())) {
            throw new IllegalArgumentException(operation + ": the shapes of " + nameA + " and " + nameB + " differ: "
                    + a.shape() + " and " + b.shape() + ": reshape or broadcast one to the other's");
        }
    }
}
