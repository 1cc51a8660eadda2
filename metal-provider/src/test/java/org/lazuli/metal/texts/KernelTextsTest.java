package org.lazuli.metal.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lazuli.metal.lint.KernelLint;

/// The lint over every text that the families produce. They are written to `target/msl/`, to be read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelTextsTest {
    private KernelTexts texts;

    @BeforeAll
    void record() throws IOException {
        texts = new KernelTexts();
        texts.record(KernelSpace.cases());
        var folder = Files.createDirectories(Path.of("target/msl"));
        for (var text : texts.texts().entrySet()) {
            Files.writeString(folder.resolve(text.getKey() + ".metal"), text.getValue());
        }
    }

    @AfterAll
    void close() {
        texts.close();
    }

    /// What a family says it supports, it encodes: with no more than 31 buffers, and one text for a name.
    @Test
    void everythingSupportedIsEncoded() {
        assertEquals(List.of(), texts.failures());
    }

    /// The lint must not pass because there is nothing to look at.
    @Test
    void thereAreManyTexts() {
        System.out.println("kernel texts: " + texts.texts().size() + " from " + texts.encoded() + " calls");
        assertTrue(texts.texts().size() >= 300, () -> "only " + texts.texts().size());
    }

    @Test
    void everyTextIsInTheSubset() {
        assertClean(KernelLint.grammar(texts.texts()));
    }

    /// The names are the kernels': a pipeline is asked for by them.
    @Test
    void everyTextHasItsKernel() {
        for (var text : texts.texts().entrySet()) {
            assertTrue(
                    text.getValue().matches("(?s).*\\b" + text.getKey() + "\\b.*"),
                    () -> "no kernel " + text.getKey() + " in\n" + text.getValue());
        }
    }

    /// The compiler's look, where there is clang. It takes a tenth of a second for a text, so one is taken of those that differ by
    /// dtypes and numbers only; the first look has seen all of them.
    @Test
    void compilerHasNothingToSay() {
        assertClean(KernelLint.compiler(samples(texts.texts())));
    }

    /// It has at all of them, among the long tests.
    @Test
    @Tag("slow")
    void compilerHasNothingToSayOfAnyText() {
        assertClean(KernelLint.compiler(texts.texts()));
    }

    private static Map<String, String> samples(Map<String, String> texts) {
        var groups = new TreeMap<String, List<String>>();
        for (var name : texts.keySet()) {
            groups.computeIfAbsent(
                            name.replaceAll("bfloat|half|float|u?char|u?short|u?int|u?long|bool|complex|[0-9]+", "#"),
                            _ -> new ArrayList<>())
                    .add(name);
        }
        var samples = new TreeMap<String, String>();
        groups.forEach((group, names) -> {
            var name = names.get(Math.floorMod(group.hashCode(), names.size()));
            samples.put(name, texts.get(name));
        });
        return samples;
    }

    private static void assertClean(Map<String, ?> findings) {
        var first = new TreeMap<>(findings).entrySet().stream().limit(5).toList();
        assertTrue(findings.isEmpty(), () -> findings.size() + " texts have findings: " + first);
    }
}
