package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Activation functions. Each is also a layer of the same name, for [Sequential].
///
/// Unless said otherwise they work element by element, the result has the shape of `x`, and integers become float32.
///
/// ```java
/// import static org.lazuli.nn.Activations.*;
///
/// var hidden = relu(linear.apply(x));
/// ```
///
/// See also: MLX, *Functions*.
public final class Activations {
    private static final double SQRT_2 = Math.sqrt(2);

    private Activations() {}

    /// `1 / (1 + exp(-x))`.
    public static Array sigmoid(Array x) {
        return x.sigmoid();
    }

    /// The hyperbolic tangent.
    public static Array tanh(Array x) {
        return x.tanh();
    }

    /// `max(x, 0)`, of the type of `x`.
    public static Array relu(Array x) {
        return Ops.maximum(x, 0);
    }

    /// `max(x, 0)` squared, of the type of `x`.
    public static Array relu2(Array x) {
        return relu(x).square();
    }

    /// `min(max(x, 0), 6)`, of the type of `x`.
    public static Array relu6(Array x) {
        return Ops.minimum(relu(x), 6);
    }

    /// `x` where positive, else `0.01 * x`.
    public static Array leakyRelu(Array x) {
        return leakyRelu(x, 0.01);
    }

    /// `max(slope * x, x)`: for a slope below 1, `x` where positive, else `slope * x`.
    public static Array leakyRelu(Array x, double negativeSlope) {
        return Ops.maximum(x.mul(negativeSlope), x);
    }

    /// `x` where positive, else `alpha * x` with learned slopes.
    ///
    /// @param alpha one slope, or one for each element of the last axis
    public static Array prelu(Array x, Array alpha) {
        return relu(x).add(alpha.mul(Ops.minimum(x, 0)));
    }

    /// `x` where positive, else `exp(x) - 1`.
    public static Array elu(Array x) {
        return elu(x, 1.0);
    }

    /// `x` where positive, else `alpha * (exp(x) - 1)`.
    public static Array elu(Array x, double alpha) {
        return Ops.where(x.gt(0), x, x.exp().sub(1).mul(alpha));
    }

    /// [#elu] with the constants that keep the mean at 0 and the variance at 1 from layer to layer.
    public static Array selu(Array x) {
        return elu(x, 1.67326).mul(1.0507);
    }

    /// `max(x, 0) + exp(min(x, 0)) - 1`.
    public static Array celu(Array x) {
        return celu(x, 1.0);
    }

    /// `max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)`.
    public static Array celu(Array x, double alpha) {
        return relu(x).add(Ops.minimum(x, 0).div(alpha).exp().sub(1).mul(alpha));
    }

    /// `x * sigmoid(x)`.
    public static Array silu(Array x) {
        return x.mul(x.sigmoid());
    }

    /// `x * Phi(x)`, where `Phi` is the distribution function of the normal distribution.
    public static Array gelu(Array x) {
        return x.mul(x.div(SQRT_2).erf().add(1)).div(2);
    }

    /// An approximation of [#gelu] by a hyperbolic tangent; the error is below 0.0005.
    public static Array geluApprox(Array x) {
        Array inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inner.tanh().add(1));
    }

    /// An approximation of [#gelu] by a sigmoid; the error is below 0.015.
    public static Array geluFastApprox(Array x) {
        return x.mul(x.mul(1.702).sigmoid());
    }

    /// `x * tanh(softplus(x))`.
    public static Array mish(Array x) {
        return x.mul(softplus(x).tanh());
    }

    /// `x * min(max(x + 3, 0), 6) / 6`.
    public static Array hardswish(Array x) {
        return x.mul(Ops.minimum(Ops.maximum(x.add(3), 0), 6)).div(6);
    }

    /// `x`, but at least -1 and at most 1.
    public static Array hardTanh(Array x) {
        return hardTanh(x, -1, 1);
    }

    /// `x`, but at least `min` and at most `max`.
    public static Array hardTanh(Array x, double min, double max) {
        return Ops.minimum(Ops.maximum(x, min), max);
    }

    /// `x` where its absolute value is above 0.5, else 0.
    public static Array hardShrink(Array x) {
        return hardShrink(x, 0.5);
    }

    /// `x` where its absolute value is above `lambda`, else 0.
    public static Array hardShrink(Array x, double lambda) {
        return Ops.where(x.abs().gt(lambda), x, 0);
    }

    /// `x` moved towards 0 by 0.5, and 0 where it would pass it.
    public static Array softshrink(Array x) {
        return softshrink(x, 0.5);
    }

    /// `x` moved towards 0 by `lambda`, and 0 where it would pass it.
    public static Array softshrink(Array x, double lambda) {
        return Ops.where(x.abs().gt(lambda), x.sub(x.sign().mul(lambda)), 0);
    }

    /// `log(1 + exp(x))`, without overflow.
    public static Array softplus(Array x) {
        return Ops.logaddexp(x, Ops.full(Shape.SCALAR, 0, x.dtype()));
    }

    /// `x / (1 + |x|)`.
    public static Array softsign(Array x) {
        return x.div(x.abs().add(1));
    }

    /// `log(sigmoid(x))`, without overflow.
    public static Array logSigmoid(Array x) {
        return softplus(x.neg()).neg();
    }

    /// 1 where `x` is positive, else 0; int32.
    public static Array step(Array x) {
        return step(x, 0.0);
    }

    /// 1 where `x` is at or above the threshold, else 0; int32.
    public static Array step(Array x, double threshold) {
        return Ops.where(x.ge(threshold), 1, 0);
    }

    /// `exp(x)` divided by its sum over the last axis.
    public static Array softmax(Array x) {
        return softmax(x, -1);
    }

    /// `exp(x)` divided by its sum over an axis.
    public static Array softmax(Array x, int axis) {
        return x.softmax(axis);
    }

    /// [#softmax] of `-x` over the last axis.
    public static Array softmin(Array x) {
        return softmin(x, -1);
    }

    /// [#softmax] of `-x` over an axis.
    public static Array softmin(Array x, int axis) {
        return x.neg().softmax(axis);
    }

    /// The logarithm of [#softmax] over the last axis.
    public static Array logSoftmax(Array x) {
        return logSoftmax(x, -1);
    }

    /// The logarithm of [#softmax] over an axis.
    public static Array logSoftmax(Array x, int axis) {
        return x.sub(x.logsumexp(Axes.of(axis).keepDims()));
    }

    /// The first half of the last axis, times the sigmoid of the second half.
    ///
    /// @throws IllegalArgumentException if the axis has an odd size
    public static Array glu(Array x) {
        return glu(x, -1);
    }

    /// The first half of an axis, times the sigmoid of the second half: that axis is half as long in the result.
    ///
    /// @throws IllegalArgumentException if the axis has an odd size
    public static Array glu(Array x, int axis) {
        List<Array> halves = x.split(2, axis);
        return halves.getFirst().mul(halves.getLast().sigmoid());
    }
}
