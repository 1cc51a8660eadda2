package org.lazuli.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.function.Nary;
import org.lazuli.graph.Region;
import org.lazuli.spi.TensorSpec;

/// A function that was read from a file. It can be called and transformed like any other.
public final class ImportedFunction implements Nary {
    private final Path file;
    private final FunctionFile contents;

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
            if (all != null) {
                return Region.run(() -> trace.recording().instantiate(all), results -> results);
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

    /// The types and shapes of the arguments that the function was exported for, such as `(float32(5,3), scale=float32())`.
    public List<String> signatures() {
        return contents.traces().stream().map(Trace::signature).toList();
    }
}
