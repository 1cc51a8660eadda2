package org.lazuli.benchmarks.peers;

import static org.lazuli.Ops.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Random;
import org.lazuli.benchmarks.Models;
import org.lazuli.nn.Nn;
import org.lazuli.nn.TransformerEncoderLayer;

/// The weights of the layer of [org.lazuli.benchmarks.TransformerLayerBenchmark], its input, the weights of the sum that is its loss, the loss and
/// the gradients.
///
/// @param initial by name, such as `attention.query_proj.weight`, which has the shape `(out,in)`
/// @param x `(8,128,256)`
/// @param weights by which the output is multiplied before it is summed up
/// @param loss the sum
/// @param gradients by the same names
public record EncoderLayer(
        Map<String, Values> initial, Values x, Values weights, float loss, Map<String, float[]> gradients) {
    public static final int BATCH = 8;
    public static final int LENGTH = 128;
    public static final int DIMS = 256;
    public static final int HEADS = 4;
    public static final double EPS = 1e-5;

    public static EncoderLayer create() {
        Random.seed(0);
        TransformerEncoderLayer layer = Models.encoderLayer();
        Map<String, Values> initial = new LinkedHashMap<>();
        layer.trainableParameters().flatten().forEach((name, array) -> initial.put(name, Values.of(array)));
        Values x = Values.normal(1, BATCH, LENGTH, DIMS);
        Values weights = Values.normal(2, BATCH, LENGTH, DIMS);
        Nn.Step step = Nn.valueAndGrad(
                        layer,
                        (Array in, Array w) ->
                                layer.apply(in, AttentionMask.NONE).mul(w).sum())
                .apply(x.array(), weights.array());
        eval(step.value(), step.grads());
        Map<String, float[]> gradients = new LinkedHashMap<>();
        step.grads().flatten().forEach((name, array) -> gradients.put(name, array.toFloatArray()));
        return new EncoderLayer(initial, x, weights, step.value().toFloatArray()[0], gradients);
    }

    /// @throws IllegalStateException if the loss or a gradient differs, or one is missing
    public void check(float loss, Map<String, float[]> gradients) {
        // A sum of terms of both signs: the error is that of its terms.
        if (!(Math.abs(loss - this.loss) <= 1e-5 * x.data().length)) {
            throw new IllegalStateException("the loss is " + loss + " instead of " + this.loss);
        }
        this.gradients.forEach((name, expected) -> {
            float[] actual = gradients.get(name);
            if (actual == null) {
                throw new IllegalStateException("there is no gradient by " + name);
            }
            Agreement.check("the gradient by " + name, expected, actual, 1e-3);
        });
    }
}
