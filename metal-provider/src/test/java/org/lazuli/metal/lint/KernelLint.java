package org.lazuli.metal.lint;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Both looks at many texts.
public final class KernelLint {
    private KernelLint() {}

    /// What the grammar refuses, by the names of the texts; empty where all are in the subset.
    public static Map<String, List<String>> grammar(Map<String, String> texts) {
        var lint = new MslLint();
        return findings(texts, lint::check);
    }

    /// What the compiler's look refuses. Where it cannot be had, the test is said not to have run.
    public static Map<String, List<String>> compiler(Map<String, String> texts) {
        return findings(texts, ClangLook.require()::check);
    }

    private static Map<String, List<String>> findings(
            Map<String, String> texts, java.util.function.Function<String, List<Finding>> look) {
        var findings = new TreeMap<String, List<String>>();
        texts.forEach((name, text) -> {
            var found = look.apply(text);
            if (!found.isEmpty()) {
                var lines = text.split("\n", -1);
                findings.put(
                        name,
                        found.stream()
                                .map(x -> x + ": " + (x.line() <= lines.length ? lines[x.line() - 1].strip() : ""))
                                .toList());
            }
        });
        return findings;
    }
}
