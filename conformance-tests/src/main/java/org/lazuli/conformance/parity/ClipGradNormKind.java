package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;
import org.lazuli.optimizers.Optimizer;

/// Gradients clipped by their common norm.
final class ClipGradNormKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        Optimizer.Clipped clipped = Optimizer.clipGradNorm(
                OptimizerKind.tree(one.namedTensors(json.get("grads"))),
                json.get("max_norm").getAsDouble());
        Comparison.check("norm", clipped.norm(), one.tensor(json.get("norm")), one.tolerance());
        OptimizerKind.check("", clipped.grads(), one.namedTensors(json.get("expect")), one.tolerance());
    }
}
