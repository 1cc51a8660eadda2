package org.lazuli.io;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lazuli.Array;

/// What a safetensors file holds: named arrays, in the order in which their data lies in the file, and
/// free text about them.
public record Tensors(SequencedMap<String, Array> arrays, Map<String, String> metadata) {
    public Tensors {
        arrays = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arrays));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
