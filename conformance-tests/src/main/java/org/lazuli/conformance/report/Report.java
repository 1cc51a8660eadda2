package org.lazuli.conformance.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.lazuli.DType;

/// What came of a run of the suite on one backend.
///
/// Results may be added from any thread and in any order: they are kept sorted by operation, dtype and check, so that two runs
/// that found the same give the same report. It names no time and no machine but the backend's own device.
///
/// {@snippet :
/// var report = new Report("toy", "plain Java", 42);
/// report.add(Result.passed("exp", "float32", "values", 1000));
/// report.add(Result.unsupported("exp", "float64", "values", 1, "float32 only"));
/// System.out.println(report.figures());   // 2 cases: 1 passed, 0 failed, 1 unsupported, 0 known gaps, 0 untested
/// }
public final class Report {
    /// By operation, dtype (in the order of [DType], those that concern none first) and check.
    private static final Comparator<Result> ORDER = Comparator.comparing(Result::operation)
            .thenComparingInt(result -> rank(result.dtype()))
            .thenComparing(Result::dtype)
            .thenComparing(Result::check);

    private final String backend;
    private final String device;
    private final long seed;
    private final List<Result> results = new ArrayList<>();

    /// @param backend the backend's name; it also names the files
    /// @param device the backend's device, in its own words
    /// @param seed what every check's own seed was derived from
    public Report(String backend, String device, long seed) {
        if (backend.isBlank()) {
            throw new IllegalArgumentException("a report needs the name of a backend");
        }
        this.backend = backend;
        this.device = device;
        this.seed = seed;
    }

    /// Adds what came of a check.
    public synchronized void add(Result result) {
        results.add(result);
    }

    public String backend() {
        return backend;
    }

    public String device() {
        return device;
    }

    public long seed() {
        return seed;
    }

    /// All results by operation, dtype and check.
    public synchronized List<Result> results() {
        return results.stream().sorted(ORDER).toList();
    }

    /// The results with this outcome, in the order of [#results].
    public List<Result> results(Outcome outcome) {
        return results().stream().filter(result -> result.outcome() == outcome).toList();
    }

    public synchronized Figures figures() {
        return figures(results);
    }

    /// For a terminal: a word for each operation and dtype, the figures, and what failed.
    public String table() {
        return ConsoleTable.of(this);
    }

    /// The figures and every result, as data.
    public String json() {
        return JsonText.of(this);
    }

    /// The figures, the table, the reasons and the failures, for a repository or an issue.
    public String markdown() {
        return MarkdownText.of(this);
    }

    /// A page that needs no other file: the table, to be filtered by outcome and name, and the failures.
    public String html() {
        return HtmlPage.of(this);
    }

    /// Writes `<backend>.json`, `.md` and `.html` into a directory, which is made where it is missing.
    ///
    /// @return the three files
    /// @throws UncheckedIOException if one can not be written
    public List<Path> write(Path directory) {
        String name = backend.replaceAll("[^A-Za-z0-9._-]+", "-");
        try {
            Files.createDirectories(directory);
            return List.of(
                    Files.writeString(directory.resolve(name + ".json"), json()),
                    Files.writeString(directory.resolve(name + ".md"), markdown()),
                    Files.writeString(directory.resolve(name + ".html"), html()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Figures figures(List<Result> results) {
        Figures figures = Figures.NONE;
        for (Result result : results) {
            figures = figures.plus(result.outcome());
        }
        return figures;
    }

    /// The place of a dtype in the order of [DType]; before all for none, after all for another name.
    static int rank(String dtype) {
        if (dtype.isEmpty()) {
            return -1;
        }
        try {
            return DType.valueOf(dtype.toUpperCase(Locale.ROOT)).ordinal();
        } catch (IllegalArgumentException e) {
            return Integer.MAX_VALUE;
        }
    }
}
