package org.lazuli.metal.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The second look, where there is a clang for it.
class ClangLookTest {
    private static ClangLook look;

    @BeforeAll
    static void open() {
        look = ClangLook.require();
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatNeedsTypes() {
        return Snippets.read("compiler-snippets.metal").stream()
                .map(snippet -> DynamicTest.dynamicTest(snippet.name(), () -> {
                    var findings = look.check(snippet.text());
                    assertTrue(
                            findings.stream()
                                    .anyMatch(x -> x.message()
                                            .contains(snippet.heading().get(2))),
                            findings::toString);
                }));
    }

    @TestFactory
    Stream<DynamicTest> acceptsWhatIsRight() {
        return Snippets.read("good-snippets.metal").stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.name(), () -> assertEquals(List.of(), look.check(snippet.text()))));
    }

    /// Among others too, each in a namespace of its own.
    @TestFactory
    Stream<DynamicTest> refusesAmongOthers() {
        var good = new ArrayList<String>();
        for (var snippet : Snippets.read("good-snippets.metal")) {
            good.add(snippet.text().replaceAll("\\bk\\b", "k" + good.size()));
        }
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest("nothing", () -> assertTrue(look.isClean(good)))),
                Snippets.read("compiler-snippets.metal").stream()
                        .map(snippet -> DynamicTest.dynamicTest(snippet.name(), () -> {
                            var all = new ArrayList<>(good);
                            all.add(all.size() / 2, snippet.text());
                            assertFalse(look.isClean(all));
                        })));
    }

    /// What the first look refuses by its grammar, the second refuses by its tree.
    @TestFactory
    Stream<DynamicTest> refusesWhatTheFirstLookRefuses() {
        var both = List.of(
                "pointer into another space",
                "pointer without a space to device memory",
                "pointer without a space to a local",
                "parameter without a space",
                "reference without a space",
                "argument of another space",
                "write through constant",
                "double variable",
                "double literal",
                "recursion",
                "virtual function",
                "function pointer",
                "exceptions",
                "new",
                "goto",
                "variable at program scope",
                "thread_local",
                "vector condition",
                "vector of another size",
                "float into half",
                "float into bfloat",
                "threadgroup variable outside a kernel",
                "unknown function",
                "std",
                "atomic function on a plain pointer",
                "run-time type information",
                "lambda",
                "kernel that calls a kernel");
        return Snippets.read("bad-snippets.metal").stream()
                .filter(snippet -> both.contains(snippet.name()))
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.name(),
                        () -> assertTrue(!look.check(snippet.text()).isEmpty(), snippet::text)));
    }
}
