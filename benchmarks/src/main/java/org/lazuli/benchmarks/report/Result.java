package org.lazuli.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One line of a JMH run.
///
/// The order in which the JIT compiler meets a program's methods alone makes factors of two between processes, while the iterations of one process
/// agree. So each fork gives one number, the median of its iterations, and what counts is the median of the forks; the spread is
/// from the fastest fork to the slowest.
///
/// @param benchmark the class and the method, without the package: `MatmulBenchmark.Vector.matmul`, and after a colon what else than
///     the time was measured: `StartupBenchmark.run:peakMegabytes`
/// @param forks the median of each fork
/// @param machine the JVM and its options, in words
record Result(String benchmark, Map<String, String> parameters, double[] forks, String unit, String machine) {
    /// What is shown beside the times: the most memory of a process, and with `-prof gc` the bytes allocated for an operation.
    private static final List<String> SECONDARY = List.of("peakMegabytes", "gc.alloc.rate.norm");

    /// All results of a file.
    ///
    /// @throws IllegalArgumentException if it is not what JMH writes
    static List<Result> read(String json) {
        if (!(JsonReader.read(json) instanceof List<?> entries)) {
            throw new IllegalArgumentException("a JMH result is an array of benchmarks");
        }
        List<Result> results = new ArrayList<>();
        for (Object entry : entries) {
            Map<?, ?> benchmark = object(entry, "a benchmark");
            results.add(of(benchmark, object(benchmark.get("primaryMetric"), "primaryMetric"), ""));
            if (benchmark.get("secondaryMetrics") instanceof Map<?, ?> secondary) {
                for (String name : SECONDARY) {
                    if (secondary.get(name) instanceof Map<?, ?> metric) {
                        results.add(of(benchmark, metric, ":" + name));
                    }
                }
            }
        }
        return results;
    }

    /// The results with the forks of each benchmark together, which may have run one by one.
    ///
    /// @throws IllegalArgumentException if units of the same benchmark differ
    static List<Result> joined(List<Result> results) {
        Map<List<Object>, Result> joined = new LinkedHashMap<>();
        for (Result result : results) {
            joined.merge(List.of(result.benchmark, result.parameters, result.machine), result, Result::with);
        }
        return List.copyOf(joined.values());
    }

    private Result with(Result other) {
        if (!unit.equals(other.unit)) {
            throw new IllegalArgumentException(benchmark + " is in " + unit + " and in " + other.unit);
        }
        double[] all = Arrays.copyOf(forks, forks.length + other.forks.length);
        System.arraycopy(other.forks, 0, all, forks.length, other.forks.length);
        return new Result(benchmark, parameters, all, unit, machine);
    }

    private static Result of(Map<?, ?> entry, Map<?, ?> metric, String suffix) {
        if (!(metric.get("rawData") instanceof List<?> raw) || raw.isEmpty()) {
            throw new IllegalArgumentException(entry.get("benchmark") + " has no rawData: run JMH with -rf json");
        }
        double[] forks = raw.stream()
                .mapToDouble(fork -> median(((List<?>) fork)
                        .stream().mapToDouble(value -> (Double) value).toArray()))
                .toArray();
        Map<String, String> parameters = new TreeMap<>();
        if (entry.get("params") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> parameters.put(String.valueOf(name), String.valueOf(value)));
        }
        List<?> options = entry.get("jvmArgs") instanceof List<?> list ? list : List.of();
        String machine = "JDK " + entry.get("jdkVersion") + ", " + entry.get("vmName")
                + (options.isEmpty()
                        ? ""
                        : ", "
                                + String.join(
                                        " ",
                                        options.stream().map(String::valueOf).toList()));
        return new Result(
                simple(String.valueOf(entry.get("benchmark"))) + suffix,
                parameters,
                forks,
                suffix.equals(":peakMegabytes") ? "MB" : String.valueOf(metric.get("scoreUnit")),
                machine);
    }

    private static Map<?, ?> object(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(what + " is missing in the JMH result");
    }

    /// The name from the first class on.
    private static String simple(String name) {
        int from = 0;
        while (from < name.length() && Character.isLowerCase(name.charAt(from)) && name.indexOf('.', from) >= 0) {
            from = name.indexOf('.', from) + 1;
        }
        return name.substring(from);
    }

    /// The product of all sizes among the parameters, by which results are in order: 655360 for `256x10x256`, and 1 for a word.
    double size() {
        return parameters.values().stream()
                .flatMap(value -> Arrays.stream(value.split("x", -1)))
                .filter(size -> size.matches("[0-9]+"))
                .mapToDouble(Double::parseDouble)
                .reduce(1, (x, y) -> x * y);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    double median() {
        return median(forks);
    }

    double fastest() {
        return Arrays.stream(forks).min().orElseThrow();
    }

    double slowest() {
        return Arrays.stream(forks).max().orElseThrow();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Result that
                && benchmark.equals(that.benchmark)
                && parameters.equals(that.parameters)
                && Arrays.equals(forks, that.forks)
                && unit.equals(that.unit)
                && machine.equals(that.machine);
    }

    @Override
    public int hashCode() {
        return benchmark.hashCode() * 31 + parameters.hashCode();
    }

    @Override
    public String toString() {
        return benchmark + parameters + " " + median() + " " + unit;
    }
}
