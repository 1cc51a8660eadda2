package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.init.Fan;
import org.lazuli.nn.init.Initializer;
import org.lazuli.nn.init.Initializers;

/// Initial values, from a seed.
final class InitKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        if (one.mustBeRefused()) {
            Refusal.check(() -> compute(json).eval());
        } else {
            Comparison.check("value", compute(json), one.tensor(json.get("expect")), one.tolerance());
        }
    }

    private static Array compute(JsonObject json) {
        Random.seed(RandomStateKind.seed(json.get("seed")));
        Initializer initializer = initializer(
                json.get("init").getAsString(),
                Call.of("nn.init", json.getAsJsonObject("args")),
                Call.of("nn.init", json.getAsJsonObject("call")));
        return initializer.apply(Ops.zeros(
                Shape.of(Call.integers(json.get("shape"))),
                DType.named(json.get("dtype").getAsString())));
    }

    /// @param made the arguments with which the reference makes the initializer
    /// @param called those with which it calls it, which here are options like the others
    private static Initializer initializer(String name, Call made, Call called) {
        DType dtype = made.dtype(DType.FLOAT32);
        double gain = called.real("gain", 1);
        Initializer result = switch (name) {
            case "constant" -> Initializers.constant(made.real("value", 0), dtype);
            case "normal" -> Initializers.normal(made.real("mean", 0), made.real("std", 1), dtype);
            case "uniform" -> Initializers.uniform(made.real("low", 0), made.real("high", 1), dtype);
            case "identity" -> Initializers.identity(dtype);
            case "glorot_normal" -> Initializers.glorotNormal(gain, dtype);
            case "glorot_uniform" -> Initializers.glorotUniform(gain, dtype);
            case "he_normal" -> Initializers.heNormal(fan(called), gain, dtype);
            case "he_uniform" -> Initializers.heUniform(fan(called), gain, dtype);
            case "orthogonal" -> Initializers.orthogonal(made.real("gain", 1), dtype);
            case "sparse" ->
                Initializers.sparse(made.real("sparsity", 0), made.real("mean", 0), made.real("std", 1), dtype);
            default -> throw new Unmapped("nn.init." + name);
        };
        made.checkAllUsed();
        called.checkAllUsed();
        return result;
    }

    private static Fan fan(Call called) {
        return switch (called.text("mode", "fan_in")) {
            case "fan_in" -> Fan.IN;
            case "fan_out" -> Fan.OUT;
            default -> throw new IllegalArgumentException("nn.init: Fan has no such constant");
        };
    }
}
