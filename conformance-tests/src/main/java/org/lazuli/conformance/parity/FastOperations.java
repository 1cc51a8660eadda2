package org.lazuli.conformance.parity;

import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Fast;

/// What some backends compute in one go.
final class FastOperations {
    private FastOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one(
                        "fast.layer_norm",
                        call -> Fast.layerNorm(
                                call.array(0),
                                call.optional("weight").orElse(null),
                                call.optional("bias").orElse(null),
                                call.real("eps", 1e-5)))
                .one(
                        "fast.rms_norm",
                        call -> Fast.rmsNorm(
                                call.array(0), call.optional("weight").orElse(null), call.real("eps", 1e-5)))
                .one("fast.scaled_dot_product_attention", FastOperations::attention);
    }

    private static Array attention(Call call) {
        if (call.has("sinks")) {
            throw call.without("sinks");
        }
        return Fast.scaledDotProductAttention(
                call.array(0), call.array(1), call.array(2), call.real("scale", 1), mask(call));
    }

    private static AttentionMask mask(Call call) {
        if (!call.has("mask")) {
            return AttentionMask.NONE;
        }
        if (call.isText("mask")) {
            String name = call.text("mask", "");
            if (name.equals("causal")) {
                return AttentionMask.CAUSAL;
            }
            throw new IllegalArgumentException(call.operation() + ": AttentionMask has no constant " + name);
        }
        return AttentionMask.of(call.array("mask"));
    }
}
