package org.lazuli.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.function.Nary;
import org.lazuli.graph.Recording;
import org.lazuli.graph.Region;
import org.lazuli.spi.TensorSpec;

/// A function that was read from a file. It can be called and transformed like any other.
public final class ImportedFunction implements Nary {
    private static final int KEPT = 64;

    private final Path file;
    private final FunctionFile contents;

    /// Graphs for the sizes of the latest calls.
    private final Map<Call, Recording> graphs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Call, Recording> eldest) {
            return size() > KEPT;
        }
    };

    private record Call(Trace trace, List<TensorSpec> specs) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            return other instanceof Call call && trace == call.trace && specs.equals(call.specs);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(trace) + specs.hashCode();
        }
    }

    ImportedFunction(Path file, FunctionFile contents) {
        this.file = file;
        this.contents = contents;
    }

    /// The results for arguments of types and shapes that the function was exported for.
    ///
    /// @throws IllegalArgumentException if it was exported for none of these; the message lists those that it was exported for
    @Override
    public List<Array> apply(List<Array> arguments) {
        return apply(arguments, Map.of());
    }

    /// [#apply(List)] with further arguments that go by name.
    public List<Array> apply(List<Array> arguments, Map<String, Array> named) {
        for (Trace trace : contents.traces()) {
            List<Array> all = trace.arguments(arguments, named);
            Recording recording = all == null ? null : recording(trace, all);
            if (all != null && recording != null) {
                return Region.run(() -> recording.instantiate(all), results -> results);
            }
        }
        List<String> names = new ArrayList<>(Collections.nCopies(arguments.size(), ""));
        List<Array> all = new ArrayList<>(arguments);
        new TreeMap<>(named).forEach((name, argument) -> {
            names.add(name);
            all.add(argument);
        });
        List<TensorSpec> specs = all.stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
        throw new IllegalArgumentException("importFunction: " + file + " was not exported for the arguments "
                + Trace.signature(names, specs) + " but for " + String.join(" or ", signatures())
                + "; export it for these too, or pass others");
    }

    /// The graph that a trace has for these arguments, or null.
    private @Nullable Recording recording(Trace trace, List<Array> arguments) {
        // Where sizes are open, as inside a function that is compiled for all of them, the graph is decided by the
        // example's.
        List<TensorSpec> specs = arguments.stream()
                .map(array ->
                        new TensorSpec(array.dtype(), Shape.of(array.shape().toArray())))
                .toList();
        if (trace.open() == null) {
            return trace.recording(specs);
        }
        Call call = new Call(trace, specs);
        synchronized (graphs) {
            Recording known = graphs.get(call);
            if (known == null) {
                known = trace.recording(specs);
                if (known != null) {
                    graphs.put(call, known);
                }
            }
            return known;
        }
    }

    /// The result of a function that has one, of one argument.
    public Array apply(Array argument) {
        List<Array> results = apply(List.of(argument));
        if (results.size() != 1) {
            throw new IllegalStateException(
                    "importFunction: " + file + " has " + results.size() + " results; call apply(List.of(x))");
        }
        return results.get(0);
    }

    /// The texts that were written along.
    public SequencedMap<String, String> metadata() {
        return Collections.unmodifiableSequencedMap(contents.metadata());
    }

    /// The types and shapes of the arguments that the function was exported for, such as `(float32(5,3), scale=float32())`. In one that was exported
    /// for all sizes, `?` stands for a size that may be any: `(float32(?,3))`.
    public List<String> signatures() {
        return contents.traces().stream().map(Trace::signature).toList();
    }
}
