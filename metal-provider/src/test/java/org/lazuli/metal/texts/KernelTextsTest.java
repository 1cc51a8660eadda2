package org.lazuli.metal.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    /// The compiler's look, where there is clang: at one text in each group that differs by dtypes only, which the first look has
    /// seen all of; all of them with `-P slow`.
    @Test
    void compilerHasNothingToSay() {
        assertClean(KernelLint.compiler(texts.texts()));
    }

    private static void assertClean(Map<String, ?> findings) {
        var first = new TreeMap<>(findings).entrySet().stream().limit(20).toList();
        assertTrue(findings.isEmpty(), () -> findings.size() + " texts have findings: " + first);
    }
}
