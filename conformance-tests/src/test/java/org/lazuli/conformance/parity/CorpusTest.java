package org.lazuli.conformance.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The whole corpus on the CPU backend: nothing fails, what is unsupported is on the list, and the table in the documentation is current.
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/parity");
    private static final Path UNSUPPORTED = Path.of("src/test/resources/parity-unsupported.txt");
    private static final Path TABLE = Path.of("../docs/parity.md");
    private static final String RENEW = "to renew both files run mvn -q -P parity"
            + " -Dparity=\"conformance-tests/src/test/resources/parity"
            + " --unsupported conformance-tests/src/test/resources/parity-unsupported.txt --markdown docs/parity.md\"";

    private static Report report = new Report();

    @BeforeAll
    static void run() throws IOException {
        report = ParityRunner.run(CORPUS);
    }

    @TestFactory
    Stream<DynamicTest> noCaseFails() {
        return report.families().entrySet().stream()
                .map(family -> dynamicTest(
                        family.getKey() + ": " + family.getValue(),
                        () -> assertEquals(0, family.getValue().failed(), () -> failures(family.getKey()))));
    }

    private static String failures(String family) {
        return report.failures().entrySet().stream()
                .filter(failure -> failure.getKey().startsWith(family + "/"))
                .map(failure -> failure.getKey() + ": " + failure.getValue())
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    @Test
    void everyFamilyHasCases() {
        assertEquals(30, report.families().size());
        Report.Counts total = report.total();
        assertEquals(7877, total.passed() + total.failed() + total.unsupported());
    }

    @Test
    void whatIsUnsupportedIsOnTheList() throws IOException {
        SortedSet<String> newcomers = new TreeSet<>(report.unsupported());
        newcomers.removeAll(Files.readAllLines(UNSUPPORTED));
        assertTrue(
                newcomers.isEmpty(),
                () -> newcomers.size() + " cases are unsupported and not on the list " + UNSUPPORTED
                        + ". The list may only shrink: map what they need again. They are: " + newcomers);
    }

    @Test
    void theListHoldsNothingElse() throws IOException {
        SortedSet<String> gone = new TreeSet<>(Files.readAllLines(UNSUPPORTED));
        gone.removeAll(report.unsupported());
        assertTrue(
                gone.isEmpty(),
                () -> gone.size() + " cases on the list " + UNSUPPORTED
                        + " are no longer unsupported. Take them off it: " + gone + " (" + RENEW + ")");
    }

    @Test
    void theTableIsCurrent() throws IOException {
        assertEquals(report.markdown(), Files.readString(TABLE), RENEW);
    }
}
