package org.lazuli.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.spi.TensorSpec;

/// Writes one function, traced for several types and shapes, to one file. The arrays that the traces share, such as weights, are written once.
///
/// ```java
/// try (Exporter exporter = Export.exporter(file, model)) {
///     exporter.add(List.of(Ops.zeros(1, 784)));
///     exporter.add(List.of(Ops.zeros(64, 784)));
/// }
/// ```
///
/// The file is there, whole, when the exporter is closed; if a trace failed before, none is written and a file that was there stays.
public final class Exporter implements AutoCloseable {
    private final Path file;
    private final NamedFunction function;
    private final ExportOptions options;
    private final List<Trace> traces = new ArrayList<>();
    private boolean failed;
    private boolean closed;

    Exporter(Path file, NamedFunction function, ExportOptions options) {
        this.file = file;
        this.function = function;
        this.options = options;
    }

    /// Traces the function for arguments of the types and shapes of these; their values do not matter.
    ///
    /// @throws IllegalArgumentException if there is such a trace already, or one for all sizes that serves these
    public void add(List<Array> arguments) {
        add(arguments, Map.of());
    }

    /// [#add(List)] with further arguments that go by name.
    public void add(List<Array> arguments, Map<String, Array> named) {
        if (closed) {
            throw new IllegalStateException("exporter: it is closed");
        }
        boolean before = failed;
        failed = true;
        for (Trace other : traces) {
            List<Array> all = other.arguments(arguments, named);
            if (all != null && other.recording(specs(all)) != null) {
                throw new IllegalArgumentException(
                        "exporter: the function was already traced for " + other.signature());
            }
        }
        Trace trace = Trace.of(function, arguments, named, options.shapeless());
        Ops.eval(trace.recording().captured().toArray());
        traces.add(trace);
        failed = before;
    }

    private static List<TensorSpec> specs(List<Array> arrays) {
        return arrays.stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
    }

    /// Writes the file.
    ///
    /// @throws FunctionFileException if it cannot be written
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!failed) {
            Files.write(file, new FunctionFile(new TreeMap<>(options.metadata()), List.copyOf(traces)));
        }
    }
}
