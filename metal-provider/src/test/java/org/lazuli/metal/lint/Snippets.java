package org.lazuli.metal.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Kernel texts for the tests of the lint, from a resource in which each starts with a line `//// name | ...`.
final class Snippets {
    /// A snippet: the parts of its first line, and its text.
    record Snippet(List<String> heading, String text) {
        String name() {
            return heading.getFirst();
        }
    }

    private static final String BEFORE = "#include <metal_stdlib>\nusing namespace metal;\n";

    private Snippets() {}

    static List<Snippet> read(String resource) {
        try (var in = Snippets.class.getResourceAsStream(resource)) {
            var all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            var snippets = new ArrayList<Snippet>();
            for (var part : all.split("(?m)^//// ")) {
                if (part.startsWith("//")) {
                    continue;
                }
                var end = part.indexOf('\n');
                var heading = Arrays.stream(part.substring(0, end).split("\\|", 3))
                        .map(String::strip)
                        .toList();
                snippets.add(new Snippet(heading, BEFORE + part.substring(end + 1)));
            }
            return snippets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
