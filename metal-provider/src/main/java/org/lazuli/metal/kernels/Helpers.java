package org.lazuli.metal.kernels;

import java.util.LinkedHashMap;
import java.util.Map;

/// The functions that a kernel's text calls, each taken in once, before those that call it.
final class Helpers {
    private final Map<String, String> texts = new LinkedHashMap<>();

    /// Takes in a function of floats, and what it calls. Gives its name.
    String use(FloatFunction function) {
        String name = function.functionName();
        if (!texts.containsKey(name)) {
            function.uses().forEach(this::use);
            texts.put(name, function.text());
        }
        return name;
    }

    /// Takes in a function of integers for this type. Gives its name.
    String use(IntegerFunction function, String type) {
        String name = function.functionName(type);
        texts.computeIfAbsent(name, key -> function.text(type));
        return name;
    }

    /// All of them.
    String text() {
        return String.join("\n", texts.values());
    }
}
