package org.lazuli.conformance.parity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What came of the cases of a run, family by family.
public final class Report {

    /// The counts of one family. Cases where the library differs on purpose count as unsupported.
    public record Counts(int passed, int failed, int unsupported) {
        private Counts plus(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Passed() -> new Counts(passed + 1, failed, unsupported);
                case Outcome.Failed(String difference) -> new Counts(passed, failed + 1, unsupported);
                case Outcome.Unsupported(var names) -> new Counts(passed, failed, unsupported + 1);
                case Outcome.Excluded(String reason) -> new Counts(passed, failed, unsupported + 1);
            };
        }

        private Counts plus(Counts other) {
            return new Counts(passed + other.passed, failed + other.failed, unsupported + other.unsupported);
        }

        @Override
        public String toString() {
            return passed + " passed, " + failed + " failed, " + unsupported + " unsupported";
        }
    }

    private final SortedMap<String, Counts> families = new TreeMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final SortedSet<String> passed = new TreeSet<>();
    private final SortedSet<String> unsupported = new TreeSet<>();
    private final SortedMap<String, SortedSet<String>> excluded = new TreeMap<>();
    private final SortedMap<String, Integer> unmapped = new TreeMap<>();

    void add(Case one, Outcome outcome) {
        String family = one.family().name();
        String name = family + "/" + one.name();
        families.merge(family, new Counts(0, 0, 0).plus(outcome), Counts::plus);
        switch (outcome) {
            case Outcome.Passed() -> passed.add(name);
            case Outcome.Failed(String difference) -> failures.put(name, difference);
            case Outcome.Unsupported(var names) -> {
                unsupported.add(name);
                names.forEach(unmappedName -> unmapped.merge(unmappedName, 1, Integer::sum));
            }
            case Outcome.Excluded(String reason) -> {
                unsupported.add(name);
                excluded.computeIfAbsent(reason, key -> new TreeSet<>()).add(name);
            }
        }
    }

    /// The counts of each family, in alphabetical order.
    public SortedMap<String, Counts> families() {
        return new TreeMap<>(families);
    }

    public Counts total() {
        return families.values().stream().reduce(new Counts(0, 0, 0), Counts::plus);
    }

    /// The difference that failed each case, under `family/case`.
    public Map<String, String> failures() {
        return new LinkedHashMap<>(failures);
    }

    /// The cases, `family/case`, that passed.
    public SortedSet<String> passed() {
        return new TreeSet<>(passed);
    }

    /// The cases, `family/case`, that need what is not mapped, or are left out on purpose.
    public SortedSet<String> unsupported() {
        return new TreeSet<>(unsupported);
    }

    /// The cases, `family/case`, that are left out on purpose, by the reason.
    public SortedMap<String, SortedSet<String>> excluded() {
        return new TreeMap<>(excluded);
    }

    /// How many cases need each name that is not mapped.
    public SortedMap<String, Integer> unmapped() {
        return new TreeMap<>(unmapped);
    }

    /// The counts as a table.
    public String markdown() {
        StringBuilder result = new StringBuilder("""
                # Parity with MLX

                How many of the recorded results of MLX 0.32.2 lazuli reproduces on the CPU backend. A case passes if everything in it
                does: values, gradients, vectorised results. *Unsupported* are cases that need an operation or an option that lazuli does
                not offer yet, and a few where it differs on purpose. The parity runner writes this page, and a test compares it with a
                fresh run:

                ```
                mvn -q -P parity -Dparity="conformance-tests/src/test/resources/parity --markdown docs/parity.md"
                ```

                | family | passed | failed | unsupported |
                |---|--:|--:|--:|
                """);
        families.forEach((name, counts) -> row(name, counts, result));
        row("**total**", total(), result);
        if (!excluded.isEmpty()) {
            result.append("\n## Different on purpose\n\nThese cases count as unsupported.\n\n");
            excluded.forEach((reason, names) -> result.append("- ")
                    .append(reason)
                    .append("  \n  `")
                    .append(String.join("`, `", names))
                    .append("`\n"));
        }
        if (!unmapped.isEmpty()) {
            result.append("\n## Not mapped yet\n\n| name | cases |\n|---|--:|\n");
            unmapped.forEach((name, count) -> result.append("| `")
                    .append(name)
                    .append("` | ")
                    .append(count)
                    .append(" |\n"));
        }
        return result.toString();
    }

    private static void row(String name, Counts counts, StringBuilder out) {
        out.append("| ")
                .append(name)
                .append(" | ")
                .append(counts.passed())
                .append(" | ")
                .append(counts.failed())
                .append(" | ")
                .append(counts.unsupported())
                .append(" |\n");
    }

    /// An exception in one line, with the place in the library or here that threw it.
    static String describe(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        StringBuilder result = new StringBuilder(thrown.toString().replace('\n', ' '));
        for (StackTraceElement element : trace) {
            if (element.getClassName().startsWith("org.lazuli.")) {
                return result.append(" at ").append(element).toString();
            }
        }
        return trace.length == 0
                ? result.toString()
                : result.append(" at ").append(trace[0]).toString();
    }
}
