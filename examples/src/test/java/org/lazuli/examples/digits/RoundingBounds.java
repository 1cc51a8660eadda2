package org.lazuli.examples.digits;

import static org.lazuli.DType.FLOAT64;
import static org.lazuli.Ops.where;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.nn.Linear;

/// How far two backends may differ in the loss of an [Mlp] and in its gradients, each computing in `float32` and summing in an order of its own.
///
/// A sum of n products is off by at most γ(n) times the sum of their magnitudes, γ(n) = n·u / (1 − n·u), u = 2⁻²⁴, whatever the order (Higham, *Accuracy
/// and Stability of Numerical Algorithms*, ch. 3); two such sums differ by twice that. These bounds are carried through the network: a layer passes on the
/// differences of its inputs by the magnitudes of its weights, and where a difference may change the sign of what a rectifier gets, the
/// gradient there is in doubt altogether. All is computed in `float64` on the current backend.
///
/// @param loss for the mean loss
/// @param gradients for each gradient, element by element, in the order of the parameters: weight and bias of each layer
record RoundingBounds(double loss, List<Array> gradients) {
    private static final Axes CLASSES = Axes.of(-1).keepDims();
    private static final double UNIT = 0x1p-24;

    /// Roundings of the elementwise steps that go along with a sum: scaling, adding the bias.
    private static final int ELEMENTWISE = 8;

    /// Units that exp and log of a backend may be off by, with their sum over the classes, in a softmax.
    private static final double SOFTMAX = 64;

    /// For two results of one step on a batch, from the same parameters.
    static RoundingBounds of(Mlp model, LabelledImages batch) {
        int count = batch.count();
        List<Layer> layers = new ArrayList<>();
        Array a = batch.inputs().flatten(1, -1).astype(FLOAT64);
        Array aDoubt = Ops.zerosLike(a);
        for (Linear linear : model.layers) {
            Layer layer = Layer.of(linear, a, aDoubt);
            layers.add(layer);
            a = Ops.maximum(layer.z, 0);
            aDoubt = layer.zDoubt;
        }
        Array scores = layers.getLast().z;
        Array worst = layers.getLast().zDoubt.max(CLASSES);
        Array rounding = scores.abs().max(CLASSES).mul(4).add(SOFTMAX).mul(2 * UNIT);

        // The loss of an image moves by at most twice what the scores move by.
        Array logSumExp = scores.logsumexp(CLASSES);
        Array losses = logSumExp.sub(scores.takeAlongAxis(batch.labels().expandDims(-1), -1));
        double loss = worst.mul(2)
                .add(rounding)
                .add(losses.mul(2 * gamma(count)))
                .mean()
                .item();

        Array p = scores.sub(logSumExp).exp();
        Array target =
                Ops.arange(0, scores.dim(-1)).eq(batch.labels().expandDims(-1)).astype(FLOAT64);
        Array g = p.sub(target).div(count);
        Array gDoubt =
                p.mul(worst.mul(2).expm1().add(rounding)).div(count).add(g.abs().mul(4 * UNIT));
        List<Array> gradients = new ArrayList<>();
        for (Layer layer : layers.reversed()) {
            Array magnitude = g.abs().add(gDoubt);
            Array weight = gDoubt.transpose()
                    .matmul(layer.x.abs())
                    .add(magnitude.transpose().matmul(layer.xDoubt))
                    .add(magnitude
                            .transpose()
                            .matmul(layer.x.abs().add(layer.xDoubt))
                            .mul(2 * gamma(count)));
            Array bias = gDoubt.sum(0).add(magnitude.sum(0).mul(2 * gamma(count)));
            gradients.addFirst(bias);
            gradients.addFirst(weight);
            if (layer != layers.getFirst()) {
                Layer below = layers.get(layers.indexOf(layer) - 1);
                Array h = g.matmul(layer.weight);
                Array hDoubt = gDoubt.matmul(layer.weight.abs())
                        .add(magnitude.matmul(layer.weight.abs()).mul(2 * gamma(g.dim(-1))));
                Array on = below.z.gt(0);
                Array inDoubt = below.z.abs().le(below.zDoubt);
                g = where(on, h, 0);
                gDoubt = where(inDoubt, h.abs().add(hDoubt), where(on, hDoubt, 0));
            }
        }
        return new RoundingBounds(loss, gradients);
    }

    private static double gamma(int terms) {
        double roundings = (terms + ELEMENTWISE) * UNIT;
        return roundings / (1 - roundings);
    }

    /// A layer on the way forward, with how far its input and its output may differ.
    private record Layer(Array weight, Array x, Array xDoubt, Array z, Array zDoubt) {
        static Layer of(Linear linear, Array x, Array xDoubt) {
            Array weight = linear.weight.astype(FLOAT64);
            Array bias = linear.bias.astype(FLOAT64);
            Array magnitudes =
                    x.abs().add(xDoubt).matmul(weight.abs().transpose()).add(bias.abs());
            Array zDoubt = xDoubt.matmul(weight.abs().transpose()).add(magnitudes.mul(2 * gamma(x.dim(-1))));
            return new Layer(weight, x, xDoubt, x.matmul(weight.transpose()).add(bias), zDoubt);
        }
    }
}
