package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.function.Nary;

/// A function of arrays: steps that apply operations to the inputs and to the results of earlier steps.
///
/// A reference is `%0` for input 0, `%s3` for the result of step 3, `%s3:1` for element 1 of a step that has several results.
final class Program implements Nary {
    private static final String INDEX = "index";

    private final List<Step> steps = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();

    private record Step(String operation, List<JsonElement> operands, Map<String, JsonElement> keywords) {
        static Step read(JsonObject json) {
            return new Step(
                    json.get("op").getAsString(),
                    json.has("in") ? json.getAsJsonArray("in").asList() : List.of(),
                    json.has("kw") ? json.getAsJsonObject("kw").asMap() : Map.of());
        }
    }

    static Program read(JsonObject json) {
        Program program = new Program();
        for (JsonElement element : json.getAsJsonArray("steps")) {
            program.steps.add(Step.read(element.getAsJsonObject()));
        }
        for (JsonElement output : json.getAsJsonArray("outputs")) {
            program.outputs.add(output.getAsString());
        }
        return program;
    }

    /// Adds the names of the operations that the program and its functions need and the table does not have.
    void collectUnmapped(Set<String> names) {
        for (Step step : steps) {
            if (!OperationTable.has(step.operation)) {
                names.add(step.operation);
            }
            for (JsonElement keyword : step.keywords.values()) {
                if (isFunction(keyword)) {
                    read(keyword.getAsJsonObject()).collectUnmapped(names);
                }
            }
        }
    }

    @Override
    public List<Array> apply(List<Array> inputs) {
        List<Value> results = new ArrayList<>();
        for (Step step : steps) {
            results.add(OperationTable.apply(call(step, inputs, results)));
        }
        List<Array> arrays = new ArrayList<>();
        for (String output : outputs) {
            flatten(reference(output, inputs, results), arrays);
        }
        return arrays;
    }

    /// One call outside of a program: a step of its own with the given inputs.
    static Value call(JsonObject json, List<Array> inputs) {
        return OperationTable.apply(call(Step.read(json), inputs, List.of()));
    }

    static void flatten(Value value, List<Array> arrays) {
        switch (value) {
            case Value.One(Array array) -> arrays.add(array);
            case Value.Many(List<Value> values) -> values.forEach(one -> flatten(one, arrays));
            default -> throw new IllegalStateException(value + " is no array");
        }
    }

    private static Call call(Step step, List<Array> inputs, List<Value> results) {
        List<Value> operands = new ArrayList<>();
        for (JsonElement operand : step.operands) {
            operands.add(value(operand, inputs, results));
        }
        Map<String, Value> keywords = new LinkedHashMap<>();
        step.keywords.forEach((name, json) -> {
            if (!name.equals(INDEX)) {
                keywords.put(name, value(json, inputs, results));
            }
        });
        List<Index> index = step.keywords.containsKey(INDEX)
                ? Indexing.read(step.keywords.get(INDEX).getAsJsonArray(), json -> value(json, inputs, results))
                : List.of();
        return new Call(step.operation, operands, keywords, index);
    }

    private static Value value(JsonElement json, List<Array> inputs, List<Value> results) {
        if (isReference(json)) {
            return reference(json.getAsString(), inputs, results);
        }
        if (Scalars.isPython(json)) {
            return new Value.Scalar(Scalars.python(json.getAsJsonObject()));
        }
        if (isFunction(json)) {
            return new Value.Function(read(json.getAsJsonObject()));
        }
        if (json.isJsonArray() && json.getAsJsonArray().asList().stream().anyMatch(Program::isReference)) {
            return new Value.Many(json.getAsJsonArray().asList().stream()
                    .map(element -> value(element, inputs, results))
                    .toList());
        }
        return new Value.Attribute(json);
    }

    private static boolean isReference(JsonElement json) {
        return json.isJsonPrimitive()
                && json.getAsJsonPrimitive().isString()
                && json.getAsString().startsWith("%");
    }

    private static boolean isFunction(JsonElement json) {
        return json.isJsonObject() && json.getAsJsonObject().has("steps");
    }

    private static Value reference(String text, List<Array> inputs, List<Value> results) {
        if (text.charAt(1) != 's') {
            return new Value.One(inputs.get(Integer.parseInt(text.substring(1))));
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return results.get(Integer.parseInt(text.substring(2)));
        }
        Value result = results.get(Integer.parseInt(text.substring(2, colon)));
        int element = Integer.parseInt(text.substring(colon + 1));
        if (result instanceof Value.Many(List<Value> values)) {
            return values.get(element);
        }
        // A single array is indexed, as in Python.
        if (result instanceof Value.One(Array array)) {
            return new Value.One(array.get(Index.at(element)));
        }
        throw new IllegalStateException(text + " is no element of an array");
    }
}
