package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;

/// Python's `x[...]` as a list of [Index].
final class Indexing {

    private Indexing() {}

    static List<Index> read(JsonArray json, Function<JsonElement, Value> values) {
        List<Index> result = new ArrayList<>();
        for (JsonElement element : json) {
            result.add(index(element.getAsJsonObject(), values));
        }
        return result;
    }

    private static Index index(JsonObject json, Function<JsonElement, Value> values) {
        String kind = json.keySet().iterator().next();
        return switch (kind) {
            case "slice" -> slice(json.getAsJsonArray(kind));
            case "int" -> Index.at(json.get(kind).getAsInt());
            case "newaxis" -> Index.newAxis();
            case "ellipsis" -> Index.rest();
            case "array" -> array(values.apply(json.get(kind)));
            default -> throw new IllegalStateException("no index is called " + kind);
        };
    }

    private static Index array(Value value) {
        if (!(value instanceof Value.One(Array array))) {
            throw new IllegalStateException(value + " is no array");
        }
        return array.dtype() == DType.BOOL ? Index.where(array) : Index.take(array);
    }

    /// A slice by the shortest of the library's words for it.
    private static Index slice(JsonArray bounds) {
        boolean hasStart = !bounds.get(0).isJsonNull();
        boolean hasStop = !bounds.get(1).isJsonNull();
        Index.Span span;
        if (hasStart) {
            int start = bounds.get(0).getAsInt();
            span = hasStop ? Index.span(start, bounds.get(1).getAsInt()) : Index.from(start);
        } else {
            span = hasStop ? Index.to(bounds.get(1).getAsInt()) : Index.all();
        }
        return bounds.get(2).isJsonNull() ? span : span.step(bounds.get(2).getAsInt());
    }
}
