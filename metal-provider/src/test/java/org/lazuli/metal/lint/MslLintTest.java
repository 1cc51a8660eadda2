package org.lazuli.metal.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The lint itself: it refuses what Metal's compiler refuses, for the reason that holds, and nothing else.
class MslLintTest {
    private final MslLint lint = new MslLint();

    @Test
    void thereAreEnoughSnippets() {
        assertTrue(Snippets.read("bad-snippets.metal").size() >= 80);
        assertTrue(Snippets.read("good-snippets.metal").size() >= 10);
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsWrong() {
        return Snippets.read("bad-snippets.metal").stream()
                .map(snippet -> DynamicTest.dynamicTest(snippet.name(), () -> {
                    var rule = Rule.valueOf(snippet.heading().get(1));
                    var words = snippet.heading().get(2);
                    var findings = lint.check(snippet.text());
                    assertTrue(
                            findings.stream()
                                    .anyMatch(
                                            x -> x.rule() == rule && x.message().contains(words)),
                            () -> "not found: " + rule + ": " + words + "; found: " + findings);
                }));
    }

    @TestFactory
    Stream<DynamicTest> acceptsWhatIsRight() {
        return Snippets.read("good-snippets.metal").stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.name(), () -> assertEquals(List.of(), lint.check(snippet.text()))));
    }

    /// A finding says on which line of the text it is, as compilers count them.
    @Test
    void pointsAtTheLine() {
        var text = """
                #include <metal_stdlib>
                using namespace metal;
                /* a comment
                   of two lines */
                kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                    out[i] = 1.0f;
                    out[i] = out[i] * 0.5;
                }
                """;
        assertEquals(List.of(7), lint.check(text).stream().map(Finding::line).toList());
    }

    /// One error must not hide another: each of the lines is found.
    @Test
    void findsAllOfThem() {
        var text = """
                kernel void k(device float* out [[buffer(40)]], uint i [[thread_position_in_grid]]) {
                    float* p = out;
                    out[i] = out[i] * 0.5;
                    half h = out[i];
                    out[i] = erf(h);
                }
                """;
        assertEquals(
                List.of(1, 2, 3, 4, 5),
                lint.check(text).stream().map(Finding::line).distinct().toList());
    }
}
