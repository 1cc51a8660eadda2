package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Transforms;
import org.lazuli.nn.Module;
import org.lazuli.tree.Tree;

/// A module: what it prints, its parameters, its outputs, the state that calls change, and gradients.
final class ModuleKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        Set<String> unmapped = new TreeSet<>();
        ModuleTable.collectUnmapped(json, unmapped);
        if (!unmapped.isEmpty()) {
            throw new Unmapped(unmapped);
        }
        if (one.mustBeRefused()) {
            Refusal.check(() -> {
                Module module = ModuleTable.create(json);
                json.getAsJsonArray("calls").forEach(call -> Ops.eval(call(module, one, call.getAsJsonObject())));
            });
            return;
        }
        Module module = prepared(one);
        checkDescription(module, json);
        int number = 0;
        for (JsonElement call : json.getAsJsonArray("calls")) {
            checkCall("call " + number++, module, one, call.getAsJsonObject());
        }
        if (json.has("vjp")) {
            checkGradients(one);
        }
    }

    /// The module with the parameters of the case.
    private static Module prepared(Case one) {
        Module module = ModuleTable.create(one.json());
        module.update(Tree.unflatten(arrays(one.namedTensors(one.json().get("params")))));
        return module;
    }

    private static void checkDescription(Module module, JsonObject json) {
        Map<String, Array> parameters = module.parameters().flatten();
        Comparison.check("repr", module.toString(), json.get("repr").getAsString());
        Comparison.check("parameter names", new ArrayList<>(parameters.keySet()), strings(json.get("parameter_names")));
        Comparison.check(
                "trainable parameters",
                new ArrayList<>(module.trainableParameters().flatten().keySet()),
                strings(json.get("trainable")));
        Comparison.check(
                "number of parameters",
                parameters.values().stream().mapToLong(Array::size).sum(),
                json.get("num_params").getAsLong());
    }

    private static void checkCall(String part, Module module, Case one, JsonObject call) {
        Comparison.check(part, call(module, one, call), one.tensors(call.get("expect")), one.tolerance());
        if (call.has("state_after")) {
            Map<String, Array> parameters = module.parameters().flatten();
            one.namedTensors(call.get("state_after"))
                    .forEach((name, tensor) ->
                            Comparison.check(part + " leaves " + name, get(parameters, name), tensor, one.tolerance()));
        }
    }

    private static List<Array> call(Module module, Case one, JsonObject call) {
        return call(module, one, call, inputs(one, call));
    }

    private static List<Array> call(Module module, Case one, JsonObject call, List<Array> inputs) {
        module.train(call.get("train").getAsBoolean());
        if (call.has("seed")) {
            Random.seed(RandomStateKind.seed(call.get("seed")));
        }
        return ModuleCalls.apply(module, inputs, keywords(one, call));
    }

    private static Map<String, Array> keywords(Case one, JsonObject call) {
        Map<String, Array> keywords = new LinkedHashMap<>();
        if (call.has("kw")) {
            call.getAsJsonObject("kw").asMap().forEach((name, value) -> {
                boolean isTensor = value.getAsJsonPrimitive().isString();
                keywords.put(
                        name,
                        isTensor
                                ? one.tensor(new JsonPrimitive(
                                                value.getAsString().substring(1)))
                                        .toArray()
                                : Ops.array(value.getAsInt()));
            });
        }
        return keywords;
    }

    private static List<Array> inputs(Case one, JsonObject call) {
        List<Array> inputs = new ArrayList<>();
        boolean over = false;
        for (JsonElement key : call.getAsJsonArray("inputs")) {
            if (key.isJsonNull()) {
                over = true;
            } else if (over) {
                throw new IllegalStateException("an argument follows one that is None");
            } else {
                inputs.add(one.tensor(key).toArray());
            }
        }
        return inputs;
    }

    /// The gradients of sum(output * cotangent) of the first call, by inputs and trainable parameters together.
    private static void checkGradients(Case one) {
        JsonObject vjp = one.json().getAsJsonObject("vjp");
        JsonObject call = one.json().getAsJsonArray("calls").get(0).getAsJsonObject();
        Module module = prepared(one);
        List<Array> inputs = inputs(one, call);
        Map<String, Tensor> byInput = one.namedTensors(vjp.get("inputs"));
        Map<String, Tensor> byParameter = one.namedTensors(vjp.get("params"));
        Map<String, Array> parameters = module.parameters().flatten();
        List<Array> primals = new ArrayList<>();
        byInput.keySet().forEach(position -> primals.add(inputs.get(Integer.parseInt(position))));
        byParameter.keySet().forEach(name -> primals.add(get(parameters, name)));
        List<Array> cotangents =
                one.tensors(vjp.get("cotangents")).stream().map(Tensor::toArray).toList();
        List<Array> gradients = Transforms.vjp(
                        traced -> {
                            List<Array> arguments = new ArrayList<>(inputs);
                            Map<String, Array> replaced = new LinkedHashMap<>();
                            int next = 0;
                            for (String position : byInput.keySet()) {
                                arguments.set(Integer.parseInt(position), traced.get(next++));
                            }
                            for (String name : byParameter.keySet()) {
                                replaced.put(name, traced.get(next++));
                            }
                            module.update(Tree.unflatten(replaced));
                            return call(module, one, call, arguments);
                        },
                        primals,
                        cotangents)
                .derivatives();
        int next = 0;
        for (Map.Entry<String, Tensor> entry : byInput.entrySet()) {
            Comparison.check(
                    "vjp of input " + entry.getKey(), gradients.get(next++), entry.getValue(), Tolerance.of(vjp));
        }
        for (Map.Entry<String, Tensor> entry : byParameter.entrySet()) {
            Comparison.check("vjp of " + entry.getKey(), gradients.get(next++), entry.getValue(), Tolerance.of(vjp));
        }
    }

    static Map<String, Array> arrays(Map<String, Tensor> tensors) {
        Map<String, Array> result = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> result.put(name, tensor.toArray()));
        return result;
    }

    static List<String> strings(JsonElement json) {
        List<String> result = new ArrayList<>();
        json.getAsJsonArray().forEach(element -> result.add(element.getAsString()));
        return result;
    }

    static Array get(Map<String, Array> arrays, String name) {
        Array array = arrays.get(name);
        if (array == null) {
            throw new Mismatch("names", "there is no " + name + " among " + arrays.keySet());
        }
        return array;
    }
}
