package org.lazuli.metal.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The constructs that kernels may use, each with the section of the Metal Shading Language Specification that has it
/// (`msl-allowed.tsv`), and the words of C++ that they may not, each with the reason (`msl-refused.tsv`).
final class AllowList {
    enum Kind {
        WORD,
        TYPE,
        FUNCTION,
        CONSTANT,
        ATTRIBUTE,
        HEADER,
        PRAGMA,
        NAMESPACE,
        MEMBER
    }

    /// One construct: how it may be used (a signature for a function, the allowed types for an attribute) and where it is
    /// specified.
    record Entry(Kind kind, String name, String use, String section) {}

    /// A word that is refused, and why.
    record Refusal(String word, String reason, String section) {}

    private final Map<Kind, Map<String, Entry>> entries = new EnumMap<>(Kind.class);
    private final Map<String, Refusal> refusals = new HashMap<>();

    AllowList() {
        for (var kind : Kind.values()) {
            entries.put(kind, new HashMap<>());
        }
        for (var row : rows("msl-allowed.tsv", 4)) {
            var kind = Kind.valueOf(row[0].toUpperCase(Locale.ROOT));
            // Several names share a row where they share everything else.
            for (var name : kind == Kind.PRAGMA ? new String[] {row[1]} : row[1].split(" ")) {
                if (entries.get(kind).put(name, new Entry(kind, name, row[2], row[3])) != null) {
                    throw new IllegalStateException("msl-allowed.tsv: " + row[0] + " " + name + " is there twice");
                }
            }
        }
        for (var row : rows("msl-refused.tsv", 3)) {
            for (var word : row[0].split(" ")) {
                refusals.put(word, new Refusal(word, row[1], row[2]));
            }
        }
    }

    boolean has(Kind kind, String name) {
        return entries.get(kind).containsKey(name);
    }

    Entry get(Kind kind, String name) {
        return entries.get(kind).get(name);
    }

    Refusal refusal(String word) {
        return refusals.get(word);
    }

    List<Entry> all() {
        return entries.values().stream().flatMap(map -> map.values().stream()).toList();
    }

    /// The rows of a resource, without its comments and its empty lines.
    static List<String[]> rows(String resource, int columns) {
        try (InputStream in = AllowList.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> {
                        var row = line.split("\t+");
                        if (row.length != columns) {
                            throw new IllegalStateException(resource + ": not " + columns + " columns: " + line);
                        }
                        return row;
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
