package org.lazuli.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Results as a table, a line each.
final class MarkdownTable {
    private MarkdownTable() {}

    static String of(List<Result> results) {
        StringBuilder table =
                new StringBuilder("| benchmark | parameters | median of forks | fastest to slowest | forks | unit |\n"
                        + "|---|---|--:|--:|--:|---|\n");
        for (Result result : results) {
            table.append("| %s | %s | %s | %s to %s | %d | %s |%n"
                    .formatted(
                            result.benchmark(),
                            text(result.parameters()),
                            number(result.median()),
                            number(result.fastest()),
                            number(result.slowest()),
                            result.forks().length,
                            result.unit())
                    .replace(System.lineSeparator(), "\n"));
        }
        return table.toString();
    }

    static String text(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /// Three digits that mean something.
    static String number(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return String.valueOf(value);
        }
        int digits = Math.clamp(2 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 9);
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
