package org.lazuli.metal.lint;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Both looks at many texts.
public final class KernelLint {
    /// How many texts the compiler looks at in one process.
    private static final int TOGETHER = 32;

    private KernelLint() {}

    /// What the grammar refuses, by the names of the texts; empty where all are in the subset.
    public static Map<String, List<String>> grammar(Map<String, String> texts) {
        var findings = new TreeMap<String, List<String>>();
        texts.forEach((name, text) -> look(name, text, new MslLint()::check, findings));
        return findings;
    }

    /// What the compiler's look refuses. Where it cannot be had, the test is said not to have run.
    public static Map<String, List<String>> compiler(Map<String, String> texts) {
        var look = ClangLook.require();
        var findings = new ConcurrentHashMap<String, List<String>>();
        var names = List.copyOf(texts.keySet());
        // Where something is found in a group, each of its texts is looked at once more, to say in which.
        IntStream.range(0, Math.ceilDiv(names.size(), TOGETHER))
                .mapToObj(i -> names.subList(i * TOGETHER, Math.min((i + 1) * TOGETHER, names.size())))
                .parallel()
                .filter(group -> !look.isClean(group.stream().map(texts::get).toList()))
                .forEach(group -> group.forEach(name -> look(name, texts.get(name), look::check, findings)));
        return findings;
    }

    private static void look(
            String name, String text, Function<String, List<Finding>> look, Map<String, List<String>> findings) {
        var found = look.apply(text);
        if (!found.isEmpty()) {
            var lines = text.split("\n", -1);
            findings.put(
                    name,
                    found.stream()
                            .map(x -> x + ": " + (x.line() <= lines.length ? lines[x.line() - 1].strip() : ""))
                            .toList());
        }
    }
}
