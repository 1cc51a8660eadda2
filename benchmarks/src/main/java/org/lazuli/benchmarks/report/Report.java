package org.lazuli.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Writes a page of figures: `java -cp benchmarks.jar org.lazuli.benchmarks.report.Report docs/benchmarks result.json…`.
///
/// The folder gets `README.md`, a drawing for every growth curve, and a table and a drawing of the comparison with other libraries if their results are
/// among the files. Everything is overwritten.
public final class Report {
    private Report() {}

    /// @param args the folder, then the files that JMH wrote with `-rf json`; forks of one benchmark may be in several
    public static void main(String... args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException("name a folder, and one or more of JMH's JSON files");
        }
        List<Result> results = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            results.addAll(Result.read(Files.readString(Path.of(args[i]))));
        }
        write(Result.joined(results), machine(), Path.of(args[0]));
    }

    static void write(List<Result> results, String machine, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Result> sorted = new ArrayList<>(results);
        sorted.sort(Comparator.comparing(Result::benchmark).thenComparingDouble(Result::size));
        Set<String> machines = new TreeSet<>();
        results.forEach(result -> machines.add(result.machine()));
        StringBuilder page = new StringBuilder("# Figures\n\n" + machine + "\n\n");
        machines.forEach(jvm -> page.append("- ").append(jvm).append('\n'));
        page.append('\n')
                .append(
                        "Each process gives the median of its iterations; the figure is the median of the processes, and the spread is theirs. Lower is better.\n\n")
                .append(comparison(sorted, folder))
                .append(MarkdownTable.of(sorted));
        for (GrowthChart.Curves curves : GrowthChart.find(sorted)) {
            String file = curves.name() + ".svg";
            Files.writeString(folder.resolve(file), GrowthChart.draw(curves));
            page.append("\n![")
                    .append(curves.name())
                    .append(": time against ")
                    .append(curves.parameter())
                    .append("](");
            page.append(file).append(")\n");
        }
        Files.writeString(folder.resolve("README.md"), page);
    }

    /// The section on other libraries, if they were measured.
    private static String comparison(List<Result> results, Path folder) throws IOException {
        List<Comparison.Row> rows = Comparison.of(results);
        if (rows.isEmpty()) {
            return "";
        }
        Files.writeString(folder.resolve("Comparison.svg"), ComparisonChart.draw(rows));
        return """
                ## Beside other libraries

                The same data, the same weights, two threads each; the spread between processes is in brackets. A ratio above 1 says how many times as long the \
                fastest of the others takes. Nothing is measured before its results agreed with ours.

                %s
                ![Times beside our eager ones](Comparison.svg)

                ## Everything

                """.formatted(Comparison.table(rows));
    }

    /// The machine that this runs on, which should be the one that was measured.
    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String processor = System.getProperty("os.arch");
        if (Files.isReadable(info)) {
            processor = Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(processor);
        }
        return processor + ", " + Runtime.getRuntime().availableProcessors() + " processors, " + memory()
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ".";
    }

    private static String memory() throws IOException {
        Path info = Path.of("/proc/meminfo");
        if (!Files.isReadable(info)) {
            return "";
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / (1 << 20) + " GB, ")
                .findFirst()
                .orElse("");
    }
}
