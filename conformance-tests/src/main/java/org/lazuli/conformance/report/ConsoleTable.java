package org.lazuli.conformance.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/// A report for a terminal, in ASCII: a word for each operation and dtype, the figures, and what failed.
final class ConsoleTable {
    /// More than these are in the files only.
    private static final int FAILURES = 30;

    /// More than these are counted.
    private static final int OPERATIONS = 8;

    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("uint8", "u8"),
            Map.entry("uint16", "u16"),
            Map.entry("uint32", "u32"),
            Map.entry("uint64", "u64"),
            Map.entry("int8", "i8"),
            Map.entry("int16", "i16"),
            Map.entry("int32", "i32"),
            Map.entry("int64", "i64"),
            Map.entry("float16", "f16"),
            Map.entry("bfloat16", "bf16"),
            Map.entry("float32", "f32"),
            Map.entry("float64", "f64"),
            Map.entry("complex64", "c64"));

    private ConsoleTable() {}

    static String of(Report report) {
        List<Result> results = report.results();
        Grid grid = new Grid(results);
        StringBuilder out = new StringBuilder();
        out.append("Conformance of ")
                .append(report.backend())
                .append(" (")
                .append(report.device())
                .append("), seed ")
                .append(report.seed())
                .append("\n\n");
        grid(grid, out);
        out.append('\n').append(report.figures()).append('\n');
        for (Outcome outcome : List.of(Outcome.UNTESTED, Outcome.KNOWN_GAP, Outcome.UNSUPPORTED)) {
            reasons(outcome, Grid.reasons(results, outcome), out);
        }
        failures(report.results(Outcome.FAILED), out);
        return out.toString();
    }

    private static void grid(Grid grid, StringBuilder out) {
        int width = 9;
        for (String operation : grid.operations()) {
            width = Math.max(width, operation.length());
        }
        StringBuilder headings = new StringBuilder(pad("", width));
        for (String dtype : grid.dtypes()) {
            headings.append(' ').append(pad(SHORT.getOrDefault(dtype, Grid.heading(dtype)), 4));
        }
        out.append(headings.toString().stripTrailing()).append('\n');
        for (String operation : grid.operations()) {
            StringBuilder row = new StringBuilder(pad(operation, width));
            for (String dtype : grid.dtypes()) {
                row.append(' ').append(pad(word(grid.cell(operation, dtype)), 4));
            }
            out.append(row.toString().stripTrailing()).append('\n');
        }
        out.append("""

                ok: all checks passed; FAIL: one failed; gap: one fails as announced; no: unsupported; part: some
                passed, some are unsupported; ?: one is untested
                """);
    }

    /// Each reason after the operations it was given for, or their number where they are many.
    private static void reasons(
            Outcome outcome, SortedMap<String, SortedMap<String, SortedSet<String>>> reasons, StringBuilder out) {
        reasons.forEach((reason, operations) -> {
            int count = operations.size();
            out.append(outcome)
                    .append(": ")
                    .append(count > OPERATIONS ? count + " operations" : String.join(", ", operations.keySet()))
                    .append(": ")
                    .append(reason)
                    .append('\n');
        });
    }

    /// The worst of a cell in a word.
    static String word(List<Result> cell) {
        Figures figures = Report.figures(cell);
        if (figures.failed() > 0) {
            return "FAIL";
        }
        if (figures.untested() > 0) {
            return "?";
        }
        if (figures.knownGaps() > 0) {
            return "gap";
        }
        if (figures.unsupported() > 0) {
            return figures.passed() > 0 ? "part" : "no";
        }
        return figures.passed() > 0 ? "ok" : "";
    }

    private static void failures(List<Result> failures, StringBuilder out) {
        for (Result result : failures.subList(0, Math.min(failures.size(), FAILURES))) {
            out.append("\nFAILED ").append(result.name()).append('\n');
            out.append(String.valueOf(result.failure()).indent(2));
        }
        if (failures.size() > FAILURES) {
            out.append("\nand ").append(failures.size() - FAILURES).append(" more, which the report's files list\n");
        }
    }

    private static String pad(String text, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", text);
    }
}
