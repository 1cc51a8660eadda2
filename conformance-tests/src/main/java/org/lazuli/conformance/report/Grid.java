package org.lazuli.conformance.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The results of a report as a table of operations × dtypes: what the console, the Markdown and the page show.
final class Grid {
    private static final Comparator<String> BY_DTYPE =
            Comparator.<String>comparingInt(Report::rank).thenComparing(Comparator.naturalOrder());

    private final SortedMap<String, SortedMap<String, List<Result>>> rows = new TreeMap<>();
    private final SortedSet<String> dtypes = new TreeSet<>(BY_DTYPE);

    Grid(List<Result> results) {
        for (Result result : results) {
            dtypes.add(result.dtype());
            rows.computeIfAbsent(result.operation(), name -> new TreeMap<>(BY_DTYPE))
                    .computeIfAbsent(result.dtype(), name -> new ArrayList<>())
                    .add(result);
        }
    }

    List<String> operations() {
        return List.copyOf(rows.keySet());
    }

    /// Those that occur, in the order of [org.lazuli.DType]; the empty one, for what concerns none, comes first.
    List<String> dtypes() {
        return List.copyOf(dtypes);
    }

    /// The results of an operation on a dtype, which may be none.
    List<Result> cell(String operation, String dtype) {
        return rows.getOrDefault(operation, Collections.emptySortedMap()).getOrDefault(dtype, List.of());
    }

    /// A column's heading.
    static String heading(String dtype) {
        return dtype.isEmpty() ? "any" : dtype;
    }

    /// For each reason that results of this outcome have, the dtypes of each operation that it was given for.
    static SortedMap<String, SortedMap<String, SortedSet<String>>> reasons(List<Result> results, Outcome outcome) {
        SortedMap<String, SortedMap<String, SortedSet<String>>> reasons = new TreeMap<>();
        for (Result result : results) {
            String reason = result.reason();
            if (result.outcome() == outcome && reason != null) {
                reasons.computeIfAbsent(reason, text -> new TreeMap<>())
                        .computeIfAbsent(result.operation(), name -> new TreeSet<>(BY_DTYPE))
                        .add(result.dtype());
            }
        }
        return reasons;
    }
}
