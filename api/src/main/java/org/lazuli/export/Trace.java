package org.lazuli.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.OpenRecording;
import org.lazuli.graph.Recording;
import org.lazuli.graph.Region;
import org.lazuli.spi.TensorSpec;

/// What a function did for arguments of certain types and shapes.
///
/// @param names the arguments' names; empty for those that go by position, which come first
/// @param recording its graph
/// @param open the graph for other sizes too, or null if it was not traced for them
record Trace(
        List<String> names, Recording recording, @Nullable OpenRecording open) {

    /// Calls a function with arrays that stand for arguments like these.
    static Trace of(NamedFunction function, List<Array> arguments, Map<String, Array> named, boolean shapeless) {
        Map<String, Array> sorted = new TreeMap<>(named);
        if (sorted.containsKey("")) {
            throw new IllegalArgumentException("exportFunction: an argument's name must not be empty");
        }
        List<String> names = new ArrayList<>(Collections.nCopies(arguments.size(), ""));
        names.addAll(sorted.keySet());
        List<TensorSpec> specs = Stream.concat(arguments.stream(), sorted.values().stream())
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
        Nary traced = places -> {
            Map<String, Array> namedPlaces = new TreeMap<>();
            for (int i = arguments.size(); i < places.size(); i++) {
                namedPlaces.put(names.get(i), places.get(i));
            }
            return function.apply(List.copyOf(places.subList(0, arguments.size())), namedPlaces);
        };
        return Region.run(
                () -> shapeless ? open(names, specs, traced) : closed(names, specs, traced), trace -> List.of());
    }

    private static Trace closed(List<String> names, List<TensorSpec> specs, Nary function) {
        List<Array> places = specs.stream()
                .map(spec -> Graph.placeholder(spec, "exportFunction"))
                .toList();
        Recording recording = Recording.of(places, function.apply(places));
        return new Trace(List.copyOf(names), recording.withoutRules(), null);
    }

    private static Trace open(List<String> names, List<TensorSpec> specs, Nary function) {
        OpenRecording open = OpenRecording.of(
                        specs,
                        "exportFunction",
                        places -> new OpenRecording.Traced<>(function.apply(places), names.size()))
                .recording()
                .withoutRules();
        return new Trace(List.copyOf(names), open.recording(), open);
    }

    /// The number of arguments that go by position.
    int positional() {
        return (int) names.stream().filter(String::isEmpty).count();
    }

    /// The arguments in the order of the recording, or null if this trace has others, or not as many.
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
        return all;
    }

    /// The graph for arguments of these types and shapes, or null if this trace is not for them.
    @Nullable
    Recording recording(List<TensorSpec> specs) {
        if (open != null) {
            return open.specialise(specs);
        }
        return specs.equals(recording.arguments()) ? recording : null;
    }

    /// The types and shapes of the arguments, as text; `?` for a size that may be any.
    String signature() {
        OpenRecording sizes = open;
        if (sizes == null) {
            return signature(names, recording.arguments());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int argument = i;
            TensorSpec spec = recording.arguments().get(i);
            texts.add(spec.dtype()
                    + IntStream.range(0, spec.shape().rank())
                            .map(axis -> sizes.decided(argument, axis))
                            .mapToObj(size -> size < 0 ? "?" : Integer.toString(size))
                            .collect(Collectors.joining(",", "(", ")")));
        }
        return text(names, texts);
    }

    static String signature(List<String> names, List<TensorSpec> specs) {
        return text(names, specs.stream().map(TensorSpec::toString).toList());
    }

    private static String text(List<String> names, List<String> specs) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < specs.size(); i++) {
            text.append(i == 0 ? "" : ", ");
            text.append(names.get(i).isEmpty() ? "" : names.get(i) + "=").append(specs.get(i));
        }
        return text.append(')').toString();
    }
}
