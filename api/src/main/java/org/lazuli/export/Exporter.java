package org.lazuli.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.Ops;

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
    /// @throws IllegalArgumentException if there is such a trace already
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
        Trace trace = Trace.of(function, arguments, named);
        if (traces.stream().anyMatch(other -> other.signature().equals(trace.signature()))) {
            throw new IllegalArgumentException("exporter: the function was already traced for " + trace.signature());
        }
        Ops.eval(trace.recording().captured().toArray());
        traces.add(trace);
        failed = before;
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
