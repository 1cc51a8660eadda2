package org.lazuli.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Recording;
import org.lazuli.graph.Region;
import org.lazuli.spi.TensorSpec;

/// What a function did for arguments of certain types and shapes.
///
/// @param names the arguments' names; empty for those that go by position, which come first
record Trace(List<String> names, Recording recording) {

    /// Calls a function with arrays that stand for arguments like these.
    static Trace of(NamedFunction function, List<Array> arguments, Map<String, Array> named) {
        Map<String, Array> sorted = new TreeMap<>(named);
        if (sorted.containsKey("")) {
            throw new IllegalArgumentException("exportFunction: an argument's name must not be empty");
        }
        return Region.run(
                () -> {
                    List<String> names = new ArrayList<>();
                    List<Array> places = new ArrayList<>();
                    for (Array argument : arguments) {
                        names.add("");
                        places.add(placeholder(argument));
                    }
                    Map<String, Array> namedPlaces = new TreeMap<>();
                    sorted.forEach((name, argument) -> {
                        Array place = placeholder(argument);
                        names.add(name);
                        places.add(place);
                        namedPlaces.put(name, place);
                    });
                    List<Array> results = function.apply(List.copyOf(places.subList(0, arguments.size())), namedPlaces);
                    return new Trace(
                            List.copyOf(names), Recording.of(places, results).withoutRules());
                },
                trace -> List.of());
    }

    private static Array placeholder(Array like) {
        return Graph.placeholder(new TensorSpec(like.dtype(), like.shape()), "exportFunction");
    }

    /// The number of arguments that go by position.
    int positional() {
        return (int) names.stream().filter(String::isEmpty).count();
    }

    /// The arguments in the order of the recording, or null if this trace has others.
    @Nullable
    List<Array> arguments(List<Array> arguments, Map<String, Array> named) {
        if (arguments.size() != positional() || arguments.size() + named.size() != names.size()) {
            return null;
        }
        List<Array> all = new ArrayList<>(arguments);
        for (int i = all.size(); i < names.size(); i++) {
            Array argument = named.get(names.get(i));
            if (argument == null) {
                return null;
            }
            all.add(argument);
        }
        for (int i = 0; i < all.size(); i++) {
            TensorSpec expected = recording.arguments().get(i);
            if (!all.get(i).shape().equals(expected.shape()) || all.get(i).dtype() != expected.dtype()) {
                return null;
            }
        }
        return all;
    }

    /// The types and shapes of the arguments, as text.
    String signature() {
        return signature(names, recording.arguments());
    }

    static String signature(List<String> names, List<TensorSpec> specs) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < specs.size(); i++) {
            text.append(i == 0 ? "" : ", ");
            text.append(names.get(i).isEmpty() ? "" : names.get(i) + "=").append(specs.get(i));
        }
        return text.append(')').toString();
    }
}
