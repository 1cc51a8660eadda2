package org.lazuli.export;

import java.util.LinkedHashMap;
import java.util.Map;

/// How to export a function.
///
/// @param metadata texts to write along
/// @param shapeless whether one trace serves arguments of several shapes, as far as the function does not depend on their sizes; see
///     [org.lazuli.CompileOptions#SHAPELESS]
public record ExportOptions(Map<String, String> metadata, boolean shapeless) {
    /// No metadata, and a trace for one combination of shapes.
    public static final ExportOptions DEFAULT = new ExportOptions(Map.of(), false);

    /// A trace for all shapes of the same rank, where the function allows it.
    public static final ExportOptions SHAPELESS = new ExportOptions(Map.of(), true);

    public ExportOptions {
        metadata = Map.copyOf(metadata);
    }

    /// These options with texts to write along, which [ImportedFunction#metadata] gives back.
    public ExportOptions metadata(Map<String, String> metadata) {
        return new ExportOptions(new LinkedHashMap<>(metadata), shapeless);
    }

    /// These options with traces for all shapes, or not.
    public ExportOptions shapeless(boolean shapeless) {
        return new ExportOptions(metadata, shapeless);
    }
}
