package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;
import org.lazuli.nn.CrossEntropyOptions;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Reduction;
import org.lazuli.tree.Tree;

/// The value of a loss and its gradients by the trainable parameters of a model.
final class ValueAndGradKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        Set<String> unmapped = new TreeSet<>();
        ModuleTable.collectUnmapped(json, unmapped);
        if (!unmapped.isEmpty()) {
            throw new Unmapped(unmapped);
        }
        Module module = ModuleTable.create(json);
        module.update(Tree.unflatten(ModuleKind.arrays(one.namedTensors(json.get("params")))));
        ModuleActions actions = new ModuleActions(module);
        json.getAsJsonArray("actions").forEach(action -> actions.run(action.getAsJsonObject()));
        List<Array> inputs =
                one.tensors(json.get("inputs")).stream().map(Tensor::toArray).toList();
        List<Array> values = new ArrayList<>();
        Map<String, Array> gradients =
                compute(json.get("loss").getAsString(), module, inputs.get(0), inputs.get(1), values);
        Comparison.check("value", values, one.tensors(json.get("value")), one.tolerance());
        Comparison.check(
                "gradient names", new ArrayList<>(gradients.keySet()), ModuleKind.strings(json.get("grad_names")));
        one.namedTensors(json.get("grads"))
                .forEach((name, tensor) -> Comparison.check(
                        "gradient of " + name, ModuleKind.get(gradients, name), tensor, one.tolerance()));
    }

    private static Map<String, Array> compute(String loss, Module module, Array x, Array y, List<Array> values) {
        Unary model = (Unary) module;
        if (loss.equals("l2_aux")) {
            Nn.StepAux<Array> step = Nn.<Array>valueAndGradAux(module, (in, target) -> {
                        Array output = model.apply(in);
                        return new Transforms.WithAux<>(
                                output.sub(target).square().mean(), output);
                    })
                    .apply(x, y);
            values.add(step.value());
            values.add(step.aux());
            return step.grads().flatten();
        }
        Nn.Step step = Nn.valueAndGrad(module, (Array in, Array target) -> switch (loss) {
                    case "l2" -> model.apply(in).sub(target).square().mean();
                    case "mse" -> Losses.mseLoss(model.apply(in), target);
                    case "cross_entropy" ->
                        Losses.crossEntropy(
                                model.apply(in), target, CrossEntropyOptions.DEFAULT.withReduction(Reduction.MEAN));
                    default -> throw new Unmapped("loss " + loss);
                })
                .apply(x, y);
        values.add(step.value());
        return step.grads().flatten();
    }
}
