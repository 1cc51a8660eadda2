package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.tree.Tree;

/// An optimizer, step by step.
final class OptimizerKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        if (one.mustBeRefused()) {
            Refusal.check(() -> OptimizerTable.create(json));
            return;
        }
        Optimizer optimizer = OptimizerTable.create(json);
        Tree<Array> parameters = tree(one.namedTensors(json.get("params0")));
        optimizer.init(parameters);
        JsonArray gradients = json.getAsJsonArray("grads");
        for (int step = 0; step < gradients.size(); step++) {
            String part = "step " + step + " ";
            Tree<Array> slope = tree(one.namedTensors(gradients.get(step)));
            if (json.has("clip_grad_norm")) {
                Optimizer.Clipped clipped =
                        Optimizer.clipGradNorm(slope, json.get("clip_grad_norm").getAsDouble());
                Comparison.check(
                        part + "norm",
                        clipped.norm(),
                        one.tensor(json.getAsJsonArray("norms").get(step)),
                        one.tolerance());
                slope = clipped.grads();
            }
            parameters = optimizer.applyGradients(slope, parameters);
            check(
                    part,
                    parameters,
                    one.namedTensors(json.getAsJsonArray("expect").get(step)),
                    one.tolerance());
            // Adafactor may have none.
            JsonElement rate = json.getAsJsonArray("learning_rates").get(step);
            if (!rate.isJsonNull()) {
                Comparison.check(
                        part + "learning rate", optimizer.learningRate().item(), rate, one.tolerance());
            }
        }
        Map<String, Tensor> state = one.namedTensors(json.get("state"));
        Comparison.check(
                "state names", new TreeSet<>(optimizer.state().flatten().keySet()), new TreeSet<>(state.keySet()));
        check("state ", optimizer.state(), state, one.tolerance());
    }

    static void check(String part, Tree<Array> got, Map<String, Tensor> expected, Tolerance tolerance) {
        Map<String, Array> arrays = got.flatten();
        expected.forEach(
                (name, tensor) -> Comparison.check(part + name, ModuleKind.get(arrays, name), tensor, tolerance));
    }

    static Tree<Array> tree(Map<String, Tensor> tensors) {
        return Tree.unflatten(ModuleKind.arrays(tensors));
    }
}
