package org.lazuli.transforms;

import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;

/// How calls that a backend may have a kernel for run on a batch: by the same kernel where the batch is one more leading axis to it, else
/// by the graph that came with the call, which is batched already.
final class AcceleratedBatching {
    private AcceleratedBatching() {}

    static Array batch(Primitive.Fallback call, Array[] in, boolean[] batched, int size) {
        int last = in.length - 1;
        Array graph = batched[last] ? in[last] : BatchingRules.widen(in[last], size);
        return switch (call.kernel()) {
            case Accelerated.CustomKernel _ -> graph;
            case Accelerated.Softmax _, Accelerated.LogSumExp _, Accelerated.LayerNorm _, Accelerated.RmsNorm _ -> {
                boolean sharesParameters = batched[0];
                for (int i = 1; i < last; i++) {
                    sharesParameters &= !batched[i];
                }
                if (!sharesParameters) {
                    yield graph;
                }
                Array[] operands = in.clone();
                operands[last] = graph;
                yield Graph.apply(call, operands);
            }
            case Accelerated.ExtremeGradient(var axes) -> {
                var inner = new Primitive.Fallback(new Accelerated.ExtremeGradient(axes.plus(1)), call.arguments());
                yield Graph.apply(inner, BatchingRules.allBatched(in, batched, size));
            }
            case Accelerated.SoftmaxGradient _ -> Graph.apply(call, BatchingRules.allBatched(in, batched, size));
            case Accelerated.LayerNormGradient _, Accelerated.RmsNormGradient _ -> {
                boolean weight = call.arguments() == 3;
                if (weight && batched[1]) {
                    yield graph;
                }
                Array[] operands = BatchingRules.allBatched(in, batched, size);
                if (weight) {
                    operands[1] = in[1];
                }
                yield Graph.apply(call, operands);
            }
            // What they sum over would mix the examples.
            case Accelerated.LayerNormParameterGradient _, Accelerated.RmsNormParameterGradient _ -> graph;
            // What is by one operand comes first for all examples, and would have to be cut up.
            case Accelerated.AttentionGradient _ -> graph;
            case Accelerated.Attention _ -> {
                // More examples than there were: the batch joins the axis of examples.
                Array[] operands = BatchingRules.allBatched(in, batched, size);
                for (int i = 0; i < operands.length; i++) {
                    operands[i] = operands[i].flatten(0, 1);
                }
                yield Graph.apply(call, operands).unflatten(0, size, in[last].dim(batched[last] ? 1 : 0));
            }
            case Accelerated.QuantizedMatMul _ -> {
                boolean sharesMatrix = batched[0];
                for (int i = 1; i < last; i++) {
                    sharesMatrix &= !batched[i];
                }
                if (!sharesMatrix) {
                    yield graph;
                }
                // More rows than there were.
                Array[] operands = in.clone();
                operands[0] = in[0].flatten(0, 1);
                operands[last] = graph.flatten(0, 1);
                yield Graph.apply(call, operands).unflatten(0, size, in[0].dim(1));
            }
        };
    }
}
