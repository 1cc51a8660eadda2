package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// Long short-term memory: a recurrent layer whose cells keep their contents from step to step, behind gates.
///
/// ```
/// i = sigmoid(x[t] @ Wxi.T + h[t-1] @ Whi.T + bi)      what to take in
/// f = sigmoid(x[t] @ Wxf.T + h[t-1] @ Whf.T + bf)      what to keep
/// g = tanh(x[t] @ Wxg.T + h[t-1] @ Whg.T + bg)
/// o = sigmoid(x[t] @ Wxo.T + h[t-1] @ Who.T + bo)      what to show
/// c[t] = f * c[t-1] + i * g
/// h[t] = o * tanh(c[t])
/// ```
///
/// `Wx`, `Wh` and `bias` hold what belongs to `i`, `f`, `g` and `o` one after another. Without a state to begin with,
/// both are zeros.
///
/// ```java
/// var lstm = new LSTM(16, 32);
/// Array hidden = lstm.apply(x);                                        // (8,20,16) -> (8,20,32)
/// LSTM.States states = lstm.run(x, null, null);                        // hidden states and cells
/// LSTM.States more = lstm.run(y, states.last().hidden(), states.last().cell());
/// ```
///
/// Weights and bias are evenly distributed within `1 / sqrt(hiddenSize)` of 0 at first.
///
/// See: S. Hochreiter and J. Schmidhuber, *Long short-term memory*, 1997. See also: MLX, *LSTM*.
@SuppressWarnings("MemberName") // The names of MLX's parameters.
public class LSTM extends Module implements Unary {
    /// Shape `(4*hiddenSize,inputSize)`.
    public Array Wx;

    /// Shape `(4*hiddenSize,hiddenSize)`.
    public Array Wh;

    /// Shape `(4*hiddenSize)`, or null.
    public @Nullable Array bias;

    /// With a bias.
    public LSTM(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, true);
    }

    public LSTM(int inputSize, int hiddenSize, boolean bias) {
        Wx = Recurrences.weights(Shape.of(4 * hiddenSize, inputSize), hiddenSize);
        Wh = Recurrences.weights(Shape.of(4 * hiddenSize, hiddenSize), hiddenSize);
        this.bias = bias ? Recurrences.weights(Shape.of(4 * hiddenSize), hiddenSize) : null;
    }

    /// Hidden states and cells.
    ///
    /// @param hidden shape `(…,L,hiddenSize)`, or `(…,hiddenSize)` for one step
    /// @param cell of the same shape
    public record States(Array hidden, Array cell) {
        /// Those after the last step of a sequence, of shape `(…,hiddenSize)`: what to go on with.
        public States last() {
            return new States(
                    hidden.get(Index.rest(), Index.at(-1), Index.all()),
                    cell.get(Index.rest(), Index.at(-1), Index.all()));
        }
    }

    /// The hidden state after every step. In MLX this gives the cells as well, which here [#run] does.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @return shape `(…,L,hiddenSize)`
    @Override
    public Array apply(Array x) {
        return run(x, null, null).hidden();
    }

    /// Hidden state and cells after every step, beginning with some, such as the last of an earlier call.
    ///
    /// @param x shape `(…,L,inputSize)`
    /// @param hidden shape `(…,hiddenSize)`, or null
    /// @param cell shape `(…,hiddenSize)`, or null
    /// @return each of shape `(…,L,hiddenSize)`
    public States run(Array x, @Nullable Array hidden, @Nullable Array cell) {
        Array inputs = Recurrences.project("LSTM", x, Wx, bias);
        Recurrences.checkState("LSTM", "hidden state", hidden, x, Wh.dim(1));
        Recurrences.checkState("LSTM", "cell", cell, x, Wh.dim(1));
        Array transposed = Wh.transpose();
        List<Array> allHidden = new ArrayList<>();
        List<Array> allCells = new ArrayList<>();
        Array h = hidden;
        Array c = cell;
        for (Array input : Recurrences.steps(inputs)) {
            List<Array> gates = Recurrences.gates(h == null ? input : Ops.addmm(input, h, transposed), 4);
            Array taken = gates.get(0).sigmoid().mul(gates.get(2).tanh());
            c = c == null ? taken : gates.get(1).sigmoid().mul(c).add(taken);
            h = gates.get(3).sigmoid().mul(c.tanh());
            allHidden.add(h);
            allCells.add(c);
        }
        return new States(Recurrences.sequence(allHidden), Recurrences.sequence(allCells));
    }

    @Override
    protected String extraRepr() {
        return "input_dims=" + Wx.dim(1) + ", hidden_size=" + Wh.dim(1) + ", bias=" + Repr.of(bias != null);
    }
}
