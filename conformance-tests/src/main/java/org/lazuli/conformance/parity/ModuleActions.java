package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.nn.FreezeOptions;
import org.lazuli.nn.MemberFilter;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.tree.Tree;

/// What cases do to a module before they look at it.
final class ModuleActions {
    private final Module root;

    /// For each action what it gave: names and shapes for filter_and_map, null for the others.
    private final JsonArray results = new JsonArray();

    ModuleActions(Module root) {
        this.root = root;
    }

    JsonArray results() {
        return results;
    }

    void run(JsonObject action) {
        Module module = action.has("at")
                ? Objects.requireNonNull(
                        root.namedModules().get(action.get("at").getAsString()))
                : root;
        JsonElement result = JsonNull.INSTANCE;
        switch (action.get("do").getAsString()) {
            case "freeze" -> module.freeze(options(action));
            case "unfreeze" -> module.unfreeze(options(action));
            case "train" -> module.train(action.get("mode").getAsBoolean());
            case "eval" -> module.eval();
            case "set_dtype" -> setDtype(module, action);
            case "apply_astype" -> module.apply(array -> array.astype(dtype(action)));
            case "apply_mul" ->
                module.apply(
                        // Packed weights stay integers.
                        array -> array.mul(action.get("factor").getAsDouble()).astype(array.dtype()),
                        filter(action));
            case "filter_and_map" ->
                result = shapes(module.<Array>filterAndMap(filter(action), array -> array)
                        .flatten());
            case "update" -> module.update(Tree.unflatten(filled(action.get("flat"), 2)));
            case "update_raw" -> module.update(raw(action.get("tree")), strict(action));
            case "update_modules" -> updateModules(module, action);
            case "load_weights" -> module.loadWeights(filled(action.get("weights"), 3), strict(action));
            case "quantize" -> quantize(module, action);
            default -> throw new Unmapped("Module." + action.get("do").getAsString());
        }
        results.add(result);
    }

    private static FreezeOptions options(JsonObject action) {
        FreezeOptions options = FreezeOptions.ALL;
        if (action.has("keys")) {
            JsonElement keys = action.get("keys");
            options = options.withKeys(
                    keys.isJsonArray()
                            ? ModuleKind.strings(keys).toArray(String[]::new)
                            : new String[] {keys.getAsString()});
        }
        if (action.has("recurse")) {
            options = options.withRecurse(action.get("recurse").getAsBoolean());
        }
        return action.has("strict") ? options.withStrict(strict(action)) : options;
    }

    private static boolean strict(JsonObject action) {
        return !action.has("strict") || action.get("strict").getAsBoolean();
    }

    private static DType dtype(JsonObject action) {
        return DType.named(action.get("dtype").getAsString());
    }

    private static void setDtype(Module module, JsonObject action) {
        if (!action.has("predicate")) {
            module.setDtype(dtype(action));
        } else if (action.get("predicate").getAsString().equals("floating")) {
            module.setDtype(dtype(action), DType::isFloating);
        } else {
            module.setDtype(dtype(action), dtype -> true);
        }
    }

    private static MemberFilter filter(JsonObject action) {
        String name = action.get("filter").getAsString();
        return switch (name) {
            case "valid_parameter_filter" -> Module::validParameterFilter;
            case "trainable_parameter_filter" -> Module::trainableParameterFilter;
            case "is_weight" -> (module, key, value) -> !(value instanceof Array) || key.equals("weight");
            case "ndim2" -> (module, key, value) -> !(value instanceof Array array) || array.ndim() == 2;
            default -> throw new Unmapped("filter " + name);
        };
    }

    private static void updateModules(Module module, JsonObject action) {
        Map<String, Module> modules = new LinkedHashMap<>();
        for (JsonElement pair : action.getAsJsonArray("flat")) {
            modules.put(
                    pair.getAsJsonArray().get(0).getAsString(),
                    ModuleTable.create(pair.getAsJsonArray().get(1).getAsJsonObject()));
        }
        module.updateModules(Tree.unflatten(modules), strict(action));
    }

    private static void quantize(Module module, JsonObject action) {
        JsonObject format = action.deepCopy();
        format.remove("only");
        Quantization how = QuantizedOperations.how(Call.of("quantize", format));
        if (action.has("only")) {
            List<String> only = ModuleKind.strings(action.get("only"));
            Nn.quantize(module, how, (path, layer) -> only.contains(path));
        } else {
            Nn.quantize(module, how);
        }
    }

    /// Arrays of these names and shapes, all elements equal.
    private static Map<String, Array> filled(JsonElement pairs, int value) {
        Map<String, Array> result = new LinkedHashMap<>();
        for (JsonElement pair : pairs.getAsJsonArray()) {
            JsonArray nameAndShape = pair.getAsJsonArray();
            Shape shape = Shape.of(Call.integers(nameAndShape.get(1)));
            result.put(nameAndShape.get(0).getAsString(), Ops.full(shape, value, DType.FLOAT32));
        }
        return result;
    }

    /// A tree whose leaves are `{"zeros": shape}` or numbers.
    private static Tree<Array> raw(JsonElement json) {
        if (json.isJsonArray()) {
            return Tree.list(json.getAsJsonArray().asList().stream()
                    .map(ModuleActions::raw)
                    .toList());
        }
        if (json.isJsonPrimitive()) {
            return Tree.leaf(Ops.array(json.getAsInt()));
        }
        JsonObject object = json.getAsJsonObject();
        if (object.has("zeros")) {
            return Tree.leaf(Ops.zeros(Shape.of(Call.integers(object.get("zeros"))), DType.FLOAT32));
        }
        Map<String, Tree<Array>> children = new LinkedHashMap<>();
        object.asMap().forEach((name, child) -> children.put(name, raw(child)));
        return Tree.map(children);
    }

    /// Pairs of a name and a shape.
    static JsonArray shapes(Map<String, Array> arrays) {
        JsonArray result = new JsonArray();
        arrays.forEach((name, array) -> result.add(pair(name, ValueKind.json(array.shape()))));
        return result;
    }

    static JsonArray pair(String name, JsonElement value) {
        JsonArray pair = new JsonArray();
        pair.add(name);
        pair.add(value);
        return pair;
    }
}
