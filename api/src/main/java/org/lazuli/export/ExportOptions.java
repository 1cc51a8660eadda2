package org.lazuli.export;

import java.util.LinkedHashMap;
import java.util.Map;

/// How to export a function.
///
/// @param metadata texts to write along
public record ExportOptions(Map<String, String> metadata) {
    /// No metadata.
    public static final ExportOptions DEFAULT = new ExportOptions(Map.of());

    public ExportOptions {
        metadata = Map.copyOf(metadata);
    }

    /// These options with texts to write along, which [ImportedFunction#metadata] gives back.
    public ExportOptions metadata(Map<String, String> metadata) {
        return new ExportOptions(new LinkedHashMap<>(metadata));
    }
}
