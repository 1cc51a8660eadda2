package org.lazuli.conformance.parity;

import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Fast;
import org.lazuli.RopeOptions;

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
                .one("fast.rope", FastOperations::rope)
                .one("fast.scaled_dot_product_attention", FastOperations::attention);
    }

    private static Array attention(Call call) {
        double scale = call.real("scale", 1);
        return call.has("sinks")
                ? Fast.scaledDotProductAttention(
                        call.array(0), call.array(1), call.array(2), scale, mask(call), call.array("sinks"))
                : Fast.scaledDotProductAttention(call.array(0), call.array(1), call.array(2), scale, mask(call));
    }

    private static Array rope(Call call) {
        if (call.has("base") == call.has("freqs")) {
            throw new IllegalArgumentException("fast.rope: RopeOptions have either a base or freqs");
        }
        RopeOptions options = RopeOptions.DEFAULT
                .withTraditional(call.flag("traditional", false))
                .withBase(call.real("base", 10_000))
                .withScale(call.real("scale", 1))
                .withFreqs(call.optional("freqs").orElse(null));
        int dims = call.integer("dims");
        return call.isNumber("offset")
                ? Fast.rope(call.array(0), dims, options, call.integer("offset"))
                : Fast.rope(call.array(0), dims, options, call.array("offset"));
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
