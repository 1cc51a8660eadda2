package org.lazuli.conformance.report;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// A report as Markdown: the figures, the table, the reasons and the failures.
final class MarkdownText {
    private MarkdownText() {}

    static String of(Report report) {
        List<Result> results = report.results();
        Figures figures = Report.figures(results);
        StringBuilder out = new StringBuilder();
        out.append("# Conformance of ").append(text(report.backend())).append("\n\n");
        out.append("Device: ")
                .append(text(report.device()))
                .append("  \nSeed: ")
                .append(report.seed());
        out.append("\n\n| cases | passed | failed | unsupported | known gaps | untested |\n");
        out.append("|--:|--:|--:|--:|--:|--:|\n| ").append(figures.cases());
        for (Outcome outcome : Outcome.values()) {
            out.append(" | ").append(figures.count(outcome));
        }
        out.append(" |\n");
        failures(report.results(Outcome.FAILED), out);
        reasons("Untested", Outcome.UNTESTED, results, out);
        reasons("Known gaps", Outcome.KNOWN_GAP, results, out);
        reasons("Unsupported", Outcome.UNSUPPORTED, results, out);
        grid(new Grid(results), out);
        return out.toString();
    }

    private static void grid(Grid grid, StringBuilder out) {
        out.append("\n## Operations and dtypes\n\n");
        out.append(
                "*ok*: all checks passed; **FAIL**: one failed; *gap*: one fails as announced; *no*: unsupported; *part*:"
                        + " some passed, some are unsupported; **?**: one is untested.\n\n| |");
        grid.dtypes()
                .forEach(dtype ->
                        out.append(' ').append(text(Grid.heading(dtype))).append(" |"));
        out.append("\n|---|").append(":-:|".repeat(grid.dtypes().size())).append('\n');
        for (String operation : grid.operations()) {
            out.append("| ").append(text(operation)).append(" |");
            for (String dtype : grid.dtypes()) {
                String word = ConsoleTable.word(grid.cell(operation, dtype));
                out.append(' ')
                        .append(word.equals("FAIL") || word.equals("?") ? "**" + word + "**" : word)
                        .append(" |");
            }
            out.append('\n');
        }
    }

    private static void reasons(String title, Outcome outcome, List<Result> results, StringBuilder out) {
        SortedMap<String, SortedMap<String, SortedSet<String>>> reasons = Grid.reasons(results, outcome);
        if (reasons.isEmpty()) {
            return;
        }
        out.append("\n## ").append(title).append("\n\n| reason | operations |\n|---|---|\n");
        reasons.forEach((reason, operations) -> out.append("| ")
                .append(text(reason))
                .append(" | ")
                .append(operations.entrySet().stream()
                        .map(entry -> text(entry.getKey()) + " ("
                                + entry.getValue().stream().map(Grid::heading).collect(Collectors.joining(", ")) + ")")
                        .collect(Collectors.joining("; ")))
                .append(" |\n"));
    }

    private static void failures(List<Result> failures, StringBuilder out) {
        if (failures.isEmpty()) {
            return;
        }
        out.append("\n## Failures\n");
        for (Result result : failures) {
            out.append("\n### ").append(text(result.name())).append("\n\n");
            out.append(fenced(String.valueOf(result.failure()))).append('\n');
        }
    }

    /// As code, in a fence longer than any in the text.
    private static String fenced(String code) {
        String fence = "```";
        while (code.contains(fence)) {
            fence += "`";
        }
        return fence + "\n" + code.stripTrailing() + "\n" + fence;
    }

    /// With what would be markup taken literally, on one line.
    private static String text(String value) {
        return value.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }
}
