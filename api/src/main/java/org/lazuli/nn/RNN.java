package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// A recurrent layer: each step sees the input and what the step before it gave.
///
/// `h[t] = tanh(x[t] @ Wxh.T + h[t-1] @ Whh.T + bias)`, or with another function in place of the hyperbolic tangent. Without a state to
/// begin with, that is zeros.
///
/// ```java
/// var rnn = new RNN(16, 32);
/// Array hidden = rnn.apply(Ops.zeros(8, 20, 16));       // (8,20,32): 8 sequences of 20 steps
/// ```
///
/// Weights and bias are evenly distributed within `1 / sqrt(hiddenSize)` of 0 at first.
///
/// See: J. Elman, *Finding structure in time*, 1990. See also: MLX, *RNN*.
@SuppressWarnings("MemberName") // The names of MLX's parameters.
public class RNN extends Module implements Unary {
    /// Shape `(hiddenSize,inputSize)`.
    public Array Wxh;

    /// Shape `(hiddenSize,hiddenSize)`.
    public Array Whh;

    /// Shape `(hiddenSize)`, or null.
    public @Nullable Array bias;

    private final Unary nonlinearity;

    /// With a bias and the hyperbolic tangent.
    public RNN(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, Options.DEFAULT);
    }

    public RNN(int inputSize, int hiddenSize, Options options) {
        Wxh = Recurrences.weights(Shape.of(hiddenSize, inputSize), hiddenSize);
        Whh = Recurrences.weights(Shape.of(hiddenSize, hiddenSize), hiddenSize);
        bias = options.bias() ? Recurrences.weights(Shape.of(hiddenSize), hiddenSize) : null;
        nonlinearity = options.nonlinearity();
    }

    /// What every step gives.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @return shape `(…,L,hiddenSize)`
    @Override
    public Array apply(Array x) {
        return apply(x, null);
    }

    /// What every step gives, beginning with a state, such as the last step of an earlier call.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @param hidden shape `(…,hiddenSize)`, or null
    /// @return shape `(…,L,hiddenSize)`
    public Array apply(Array x, @Nullable Array hidden) {
        Array inputs = Recurrences.project("RNN", x, Wxh, bias);
        Recurrences.checkState("RNN", "hidden state", hidden, x, Whh.dim(0));
        Array transposed = Whh.transpose();
        List<Array> all = new ArrayList<>();
        Array state = hidden;
        for (Array input : Recurrences.steps(inputs)) {
            state = nonlinearity.apply(state == null ? input : Ops.addmm(input, state, transposed));
            all.add(state);
        }
        return Recurrences.sequence(all);
    }

    @Override
    protected String extraRepr() {
        return "input_dims=" + Wxh.dim(1) + ", hidden_size=" + Whh.dim(0) + ", nonlinearity=<function>, bias="
                + Repr.of(bias != null);
    }

    /// Options of [RNN].
    ///
    /// @param bias whether there is a bias
    /// @param nonlinearity what to apply to the sum in each step
    public record Options(boolean bias, Unary nonlinearity) {
        public static final Options DEFAULT = new Options(true, Activations::tanh);

        public Options withBias(boolean bias) {
            return new Options(bias, nonlinearity);
        }

        public Options withNonlinearity(Unary nonlinearity) {
            return new Options(bias, nonlinearity);
        }
    }
}
