package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// A recurrent layer with two gates: one that forgets, and one that keeps the state.
///
/// ```
/// r = sigmoid(x[t] @ Wxr.T + h[t-1] @ Whr.T + br)
/// z = sigmoid(x[t] @ Wxz.T + h[t-1] @ Whz.T + bz)
/// n = tanh(x[t] @ Wxn.T + bn + r * (h[t-1] @ Whn.T + bhn))
/// h[t] = (1 - z) * n + z * h[t-1]
/// ```
///
/// `Wx`, `Wh` and `b` hold what belongs to `r`, `z` and `n` one after another. Without a state to begin with, that is zeros.
///
/// Weights and biases are evenly distributed within `1 / sqrt(hiddenSize)` of 0 at first.
///
/// See: K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, 2014. See also:
/// MLX, *GRU*.
@SuppressWarnings("MemberName") // The names of MLX's parameters.
public class GRU extends Module implements Unary {
    /// Shape `(3*hiddenSize,inputSize)`.
    public Array Wx;

    /// Shape `(3*hiddenSize,hiddenSize)`.
    public Array Wh;

    /// Shape `(3*hiddenSize)`, or null.
    public @Nullable Array b;

    /// Shape `(hiddenSize)`, or null.
    public @Nullable Array bhn;

    /// With biases.
    public GRU(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, true);
    }

    public GRU(int inputSize, int hiddenSize, boolean bias) {
        Wx = Recurrences.weights(Shape.of(3 * hiddenSize, inputSize), hiddenSize);
        Wh = Recurrences.weights(Shape.of(3 * hiddenSize, hiddenSize), hiddenSize);
        b = bias ? Recurrences.weights(Shape.of(3 * hiddenSize), hiddenSize) : null;
        bhn = bias ? Recurrences.weights(Shape.of(hiddenSize), hiddenSize) : null;
    }

    /// The state after every step.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @return shape `(…,L,hiddenSize)`
    @Override
    public Array apply(Array x) {
        return apply(x, null);
    }

    /// The state after every step, beginning with one, such as the last of an earlier call.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @param hidden shape `(…,hiddenSize)`, or null
    /// @return shape `(…,L,hiddenSize)`
    public Array apply(Array x, @Nullable Array hidden) {
        Array inputs = Recurrences.project("GRU", x, Wx, b);
        Recurrences.checkState("GRU", "hidden state", hidden, x, Wh.dim(1));
        Array transposed = Wh.transpose();
        List<Array> all = new ArrayList<>();
        Array state = hidden;
        for (Array input : Recurrences.steps(inputs)) {
            List<Array> gates = Recurrences.gates(input, 3);
            state = state == null ? first(gates) : next(gates, state, transposed);
            all.add(state);
        }
        return Recurrences.sequence(all);
    }

    /// From a state of zeros.
    private Array first(List<Array> gates) {
        Array bias = bhn;
        Array n = bias == null
                ? gates.get(2)
                : gates.get(2).add(gates.get(0).sigmoid().mul(bias));
        return Ops.sub(1, gates.get(1).sigmoid()).mul(n.tanh());
    }

    private Array next(List<Array> gates, Array state, Array transposed) {
        List<Array> own = Recurrences.gates(state.matmul(transposed), 3);
        Array bias = bhn;
        Array memory = bias == null ? own.get(2) : own.get(2).add(bias);
        Array r = gates.get(0).add(own.get(0)).sigmoid();
        Array z = gates.get(1).add(own.get(1)).sigmoid();
        Array n = gates.get(2).add(r.mul(memory)).tanh();
        return Ops.sub(1, z).mul(n).add(z.mul(state));
    }

    @Override
    protected String extraRepr() {
        return "input_dims=" + Wx.dim(1) + ", hidden_size=" + Wh.dim(1) + ", bias=" + Repr.of(b != null);
    }
}
