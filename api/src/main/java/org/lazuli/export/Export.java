package org.lazuli.export;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Nary;

/// Writes functions to files and reads them, and draws graphs.
///
/// See also: MLX, *Exporting Functions*; `docs/exported-functions.md` for the format.
public final class Export {
    private Export() {}

    /// Traces a function for arguments of the types and shapes of these, and writes the trace to a file.
    ///
    /// What the function uses besides its arguments is written with it, by its value now. Rules of its own ([org.lazuli.function.CustomFunction])
    /// are Java code and are not: an imported function is differentiated by its graph.
    ///
    /// @param arguments only their types and shapes matter
    /// @throws FunctionFileException if the file cannot be written; a file that was there before is then unchanged
    public static void exportFunction(Path file, Nary function, List<Array> arguments) {
        exportFunction(file, function, arguments, ExportOptions.DEFAULT);
    }

    /// [#exportFunction(Path, Nary, List)] with options.
    ///
    /// With [ExportOptions#SHAPELESS] the arguments are an example: the trace serves all shapes of the same rank for which the function does the
    /// same, as [org.lazuli.CompileOptions#SHAPELESS] says. A call with shapes for which it might do something else is an error.
    public static void exportFunction(Path file, Nary function, List<Array> arguments, ExportOptions options) {
        exportFunction(file, positional(function), arguments, Map.of(), options);
    }

    /// [#exportFunction(Path, Nary, List)] for a function with arguments that go by name.
    public static void exportFunction(
            Path file, NamedFunction function, List<Array> arguments, Map<String, Array> named, ExportOptions options) {
        try (Exporter exporter = exporter(file, function, options)) {
            exporter.add(arguments, named);
        }
    }

    /// Traces a function and tells its graph part by part, for a format of one's own.
    public static void exportFunction(Consumer<ExportEvent> events, Nary function, List<Array> arguments) {
        exportFunction(events, positional(function), arguments, Map.of());
    }

    /// [#exportFunction(Consumer, Nary, List)] for a function with arguments that go by name.
    public static void exportFunction(
            Consumer<ExportEvent> events, NamedFunction function, List<Array> arguments, Map<String, Array> named) {
        Trace trace = Trace.of(function, arguments, named, false);
        Ops.eval(trace.recording().captured().toArray());
        Walk.of(trace, events);
    }

    /// Writes one function for several types and shapes of its arguments.
    public static Exporter exporter(Path file, Nary function) {
        return exporter(file, positional(function), ExportOptions.DEFAULT);
    }

    /// [#exporter(Path, Nary)] with options.
    public static Exporter exporter(Path file, Nary function, ExportOptions options) {
        return exporter(file, positional(function), options);
    }

    /// [#exporter(Path, Nary)] for a function with arguments that go by name.
    public static Exporter exporter(Path file, NamedFunction function, ExportOptions options) {
        return new Exporter(file, function, options);
    }

    /// Reads a function that [#exportFunction(Path, Nary, List)] or an [Exporter] wrote.
    ///
    /// @throws FunctionFileException if there is no such file, it is damaged, or a later version wrote it
    public static ImportedFunction importFunction(Path file) {
        return new ImportedFunction(file, Files.read(file));
    }

    /// The graph that these arrays are to be computed by, in Graphviz' language: an ellipse for each array, a box for each instruction. Arrays
    /// that have their values are where it begins.
    ///
    /// ```java
    /// Export.exportToDot(Path.of("graph.dot"), Map.of("loss", loss));   // then: dot -Tsvg graph.dot
    /// ```
    public static String exportToDot(Array... arrays) {
        return Dot.of(Map.of(), List.of(arrays));
    }

    /// [#exportToDot(Array...)] with names to show for some arrays of the graph: its results, or what it begins with.
    public static String exportToDot(Map<String, Array> named, Array... arrays) {
        return Dot.of(named, List.of(arrays));
    }

    /// [#exportToDot(Map, Array...)] to a file.
    ///
    /// @throws FunctionFileException if it cannot be written
    public static void exportToDot(Path file, Map<String, Array> named, Array... arrays) {
        String text = exportToDot(named, arrays);
        try {
            java.nio.file.Files.writeString(file, text);
        } catch (NoSuchFileException e) {
            throw new FunctionFileException(file, "its directory does not exist", "create the directory first", e);
        } catch (IOException e) {
            throw new FunctionFileException(
                    file, "cannot be written: " + e, "check the rights and the space on the disk", e);
        }
    }

    private static NamedFunction positional(Nary function) {
        return (arguments, named) -> function.apply(arguments);
    }
}
