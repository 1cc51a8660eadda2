package org.lazuli.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What lazuli and other libraries take for the same: a line for every workload that both have, a column for each way.
///
/// Names say what belongs together: `MlpStepBenchmark.Vector.eager` is ours, `PyTorchMlpStep.eager` that of a library. With `InScope` at
/// the end, ours lets go of its result at once, as those of libraries do that are told to close theirs. Where a library has several ways of
/// one workload, the fastest counts.
final class Comparison {
    private Comparison() {}

    enum Column {
        EAGER("lazuli, eager", ""),
        SCOPE("lazuli, eager, in a scope", ""),
        COMPILED("lazuli, compiled", ""),
        PLAIN("lazuli, eager, without the Vector API", ""),
        PYTORCH("DJL + PyTorch", "PyTorch"),
        TENSORFLOW("TensorFlow", "TensorFlow"),
        ONNX_RUNTIME("ONNX Runtime", "OnnxRuntime"),
        ND4J("ND4J", "Nd4j");

        final String title;
        /// How its benchmarks' names begin; empty for ours.
        final String prefix;

        Column(String title, String prefix) {
            this.title = title;
            this.prefix = prefix;
        }

        boolean isPeer() {
            return !prefix.isEmpty();
        }

        /// Whose benchmark it is, if another library's.
        static Optional<Column> peer(String benchmark) {
            for (Column column : values()) {
                if (column.isPeer() && benchmark.startsWith(column.prefix)) {
                    return Optional.of(column);
                }
            }
            return Optional.empty();
        }
    }

    record Row(String workload, String unit, Map<Column, Result> cells) {
        Optional<Result> bestPeer() {
            return fastest(cells.entrySet().stream()
                    .filter(cell -> cell.getKey().isPeer())
                    .map(Map.Entry::getValue)
                    .toList());
        }

        /// How many times as long the best of the others takes as we do.
        Optional<Double> ratio(Column ours) {
            return bestPeer()
                    .flatMap(peer ->
                            Optional.ofNullable(cells.get(ours)).map(result -> peer.median() / result.median()));
        }

        private static Optional<Result> fastest(Collection<Result> results) {
            return results.stream().min((x, y) -> Double.compare(x.median(), y.median()));
        }
    }

    /// The workloads that we and another library ran, in the order of the results.
    ///
    /// @throws IllegalArgumentException if the units of one workload differ
    static List<Row> of(List<Result> results) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Result result : results) {
            Optional<Column> column = column(result);
            if (column.isEmpty()) {
                continue;
            }
            Row row = rows.computeIfAbsent(
                    workload(result), name -> new Row(name, result.unit(), new EnumMap<>(Column.class)));
            if (!row.unit().equals(result.unit())) {
                throw new IllegalArgumentException(
                        row.workload() + " is measured in " + row.unit() + " and in " + result.unit());
            }
            row.cells().merge(column.get(), result, (x, y) -> x.median() <= y.median() ? x : y);
        }
        List<Row> found = new ArrayList<>(rows.values());
        found.removeIf(
                row -> row.bestPeer().isEmpty() || row.cells().keySet().stream().allMatch(Column::isPeer));
        return found;
    }

    private static Optional<Column> column(Result result) {
        Optional<Column> peer = Column.peer(result.benchmark());
        if (peer.isPresent()) {
            return peer;
        }
        boolean compiled = result.benchmark().endsWith(".compiled");
        boolean plain = result.benchmark().contains(".Plain.")
                || "plain".equals(result.parameters().get("loops"));
        if (plain) {
            return compiled ? Optional.empty() : Optional.of(Column.PLAIN);
        }
        boolean scope = result.benchmark().endsWith("InScope");
        return Optional.of(compiled ? Column.COMPILED : scope ? Column.SCOPE : Column.EAGER);
    }

    /// Class, method and parameters, as far as they say what is done rather than who does it and how.
    private static String workload(Result result) {
        String name = result.benchmark();
        String type = name.substring(0, name.indexOf('.'));
        String method = name.substring(name.lastIndexOf('.') + 1);
        type = Column.peer(name).map(peer -> type(name, peer)).orElse(type.replaceAll("Benchmark$", ""));
        method = method.replaceAll("InScope$", "")
                .replaceAll("^(eager|compiled|graph|inPlace|run)\\b", "")
                .replaceFirst("^:", " ");
        Map<String, String> parameters = new TreeMap<>(result.parameters());
        parameters.remove("loops");
        return (type + " " + method.trim() + " " + String.join(" ", parameters.values()))
                .replaceAll(" +", " ")
                .trim();
    }

    /// What another library's class measures.
    static String type(String benchmark, Column peer) {
        return benchmark.substring(peer.prefix.length(), benchmark.indexOf('.'));
    }

    static String table(List<Row> rows) {
        List<Column> columns = columns(rows);
        StringBuilder table = new StringBuilder("| workload | unit |");
        columns.forEach(column -> table.append(' ').append(column.title).append(" |"));
        table.append(" best other / eager | best other / in a scope | best other / compiled |\n|---|---|");
        table.append("--:|".repeat(columns.size() + 3)).append('\n');
        for (Row row : rows) {
            table.append("| ")
                    .append(row.workload())
                    .append(" | ")
                    .append(row.unit())
                    .append(" |");
            for (Column column : columns) {
                table.append(' ').append(cell(row.cells().get(column))).append(" |");
            }
            table.append(' ').append(ratio(row.ratio(Column.EAGER))).append(" | ");
            table.append(ratio(row.ratio(Column.SCOPE))).append(" | ");
            table.append(ratio(row.ratio(Column.COMPILED))).append(" |\n");
        }
        return table.toString();
    }

    /// Those that have a result.
    static List<Column> columns(List<Row> rows) {
        return Arrays.stream(Column.values())
                .filter(column -> rows.stream().anyMatch(row -> row.cells().containsKey(column)))
                .toList();
    }

    private static String cell(@Nullable Result result) {
        return result == null
                ? "–"
                : MarkdownTable.number(result.median())
                        + " ("
                        + MarkdownTable.number(result.fastest())
                        + " to "
                        + MarkdownTable.number(result.slowest())
                        + ")";
    }

    private static String ratio(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("–");
    }
}
