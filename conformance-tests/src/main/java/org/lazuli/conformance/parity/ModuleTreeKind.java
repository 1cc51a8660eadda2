package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.nn.Module;

/// What a module tells about itself after something was done to it.
final class ModuleTreeKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        Set<String> unmapped = new TreeSet<>();
        ModuleTable.collectUnmapped(json, unmapped);
        if (!unmapped.isEmpty()) {
            throw new Unmapped(unmapped);
        }
        Module module = ModuleTable.create(json);
        ModuleActions actions = new ModuleActions(module);
        int failing = one.mustBeRefused()
                ? json.getAsJsonObject("error").get("at_action").getAsInt()
                : Integer.MAX_VALUE;
        int number = 0;
        for (JsonElement element : json.getAsJsonArray("actions")) {
            JsonObject action = element.getAsJsonObject();
            if (number++ == failing) {
                Refusal.check(() -> actions.run(action));
                return;
            }
            actions.run(action);
        }
        check(module, json.getAsJsonObject("expect"));
        if (json.has("action_results")) {
            Comparison.check("action results", actions.results(), json.get("action_results"));
        }
        Map<String, Array> parameters = module.parameters().flatten();
        for (JsonElement element : json.getAsJsonArray("values")) {
            String name = element.getAsJsonArray().get(0).getAsString();
            Comparison.check(
                    "sum of " + name,
                    ModuleKind.get(parameters, name).astype(DType.FLOAT32).sum().item(),
                    element.getAsJsonArray().get(1).getAsDouble());
        }
    }

    private static void check(Module module, JsonObject expected) {
        Map<String, Array> parameters = module.parameters().flatten();
        Comparison.check("parameters", names(parameters), expected.get("parameters"));
        Comparison.check(
                "trainable parameters",
                names(module.trainableParameters().flatten()),
                expected.get("trainable_parameters"));
        Comparison.check("named modules", classes(new TreeMap<>(module.namedModules())), expected.get("named_modules"));
        JsonArray modules = new JsonArray();
        module.modules().stream()
                .map(one -> one.getClass().getSimpleName())
                .sorted()
                .forEach(modules::add);
        Comparison.check("modules", modules, expected.get("modules"));
        Comparison.check("children", classes(module.children().flatten()), expected.get("children"));
        Comparison.check("leaf modules", classes(module.leafModules().flatten()), expected.get("leaf_modules"));
        JsonArray training = new JsonArray();
        new TreeMap<>(module.namedModules())
                .forEach((name, one) -> training.add(ModuleActions.pair(name, new JsonPrimitive(one.training()))));
        Comparison.check("training", training, expected.get("training"));
        JsonArray dtypes = new JsonArray();
        parameters.forEach((name, array) -> dtypes.add(
                ModuleActions.pair(name, new JsonPrimitive(array.dtype().toString()))));
        Comparison.check("dtypes", dtypes, expected.get("dtypes"));
        Comparison.check("shapes", ModuleActions.shapes(parameters), expected.get("shapes"));
        Comparison.check("repr", module.toString(), expected.get("repr").getAsString());
    }

    private static JsonArray names(Map<String, Array> arrays) {
        JsonArray result = new JsonArray();
        arrays.keySet().forEach(result::add);
        return result;
    }

    private static JsonArray classes(Map<String, Module> modules) {
        JsonArray result = new JsonArray();
        modules.forEach((name, module) -> result.add(
                ModuleActions.pair(name, new JsonPrimitive(module.getClass().getSimpleName()))));
        return result;
    }
}
