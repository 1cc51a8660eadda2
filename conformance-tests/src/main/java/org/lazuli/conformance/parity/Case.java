package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One case of a family: a unit that passes or fails as a whole.
///
/// @param json the whole case, as the manifest has it
record Case(Family family, String name, String kind, JsonObject json) {

    /// True if the case must be refused.
    boolean mustBeRefused() {
        return json.has("error");
    }

    /// The tolerance of the case as a whole.
    Tolerance tolerance() {
        return Tolerance.of(json);
    }

    Tensor tensor(JsonElement key) {
        return family.tensor(key.getAsString());
    }

    /// The tensors that a list of keys names.
    List<Tensor> tensors(JsonElement keys) {
        List<Tensor> result = new ArrayList<>();
        for (JsonElement key : keys.getAsJsonArray()) {
            result.add(tensor(key));
        }
        return result;
    }

    /// The tensors that the values of an object name, under the names of its members.
    Map<String, Tensor> namedTensors(JsonElement object) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        object.getAsJsonObject().entrySet().forEach(member -> result.put(member.getKey(), tensor(member.getValue())));
        return result;
    }
}
