package org.lazuli.conformance.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The runner finds what is wrong and says where: expectations broken on purpose.
class ParityRunnerTest {
    private static final String TOLERANCE = "\"rtol\": 1e-5, \"atol\": 1e-6";

    @TempDir
    Path directory;

    private SmallCorpus corpus;

    @BeforeEach
    void create() {
        corpus = new SmallCorpus(directory);
    }

    private void program(String name, float[] expected, String more) {
        String inputs = corpus.tensor(1, 2, 3) + ", " + corpus.tensor(4, 5, 6);
        corpus.program(name, "multiply", inputs, "\"expect\": [%s], %s".formatted(corpus.tensor(expected), more));
    }

    private static void assertContains(String part, SmallCorpus.Run run) {
        assertTrue(run.output().contains(part), () -> "expected <" + part + "> in:\n" + run.output());
    }

    @Test
    void passesWhatIsRight() throws IOException {
        program("right", new float[] {4, 10, 18}, TOLERANCE);
        SmallCorpus.Run run = corpus.run();
        assertContains("small: 1 passed, 0 failed, 0 unsupported", run);
        assertEquals(0, run.status());
    }

    @Test
    void showsTheFirstElementThatDiffers() throws IOException {
        program("right", new float[] {4, 10, 18}, TOLERANCE);
        program("wrong", new float[] {4, 10.5f, 17}, TOLERANCE);
        SmallCorpus.Run run = corpus.run();
        assertContains("small: 1 passed, 1 failed, 0 unsupported", run);
        assertContains("FAILED small/wrong: value: element (1): got 10.0, expected 10.5, allowed 1.06", run);
        assertEquals(1, run.status());
    }

    @Test
    void aPartThatFailsFailsTheCase() throws IOException {
        program(
                "vjp",
                new float[] {4, 10, 18},
                TOLERANCE + """
                , "vjp": {"wrt": [1], "cotangents": [%s], "expect": [%s], %s}
                """.formatted(corpus.tensor(1, 1, 1), corpus.tensor(1, 2, 4), TOLERANCE));
        program(
                "vmap",
                new float[] {4, 10, 18},
                TOLERANCE + """
                , "vmap": {"in_axes": [0, null], "out_axes": [0], "inputs": [%s, %s], "expect": [%s]}
                """.formatted(corpus.tensor(1, 2), corpus.tensor(3, 4), corpus.tensor(3, 4)));
        SmallCorpus.Run run = corpus.run();
        assertContains("small: 0 passed, 2 failed, 0 unsupported", run);
        assertContains("small/vjp: vjp of input 1: element (2): got 3.0, expected 4.0", run);
        assertContains("small/vmap: vmap: got float32 of shape (2,2), expected float32 of shape (2)", run);
        assertEquals(1, run.status());
    }

    @Test
    void exactTellsTheZerosApart() throws IOException {
        String inputs = corpus.tensor(-1) + ", " + corpus.tensor(0);
        corpus.program("exact", "multiply", inputs, "\"expect\": [%s], \"exact\": true".formatted(corpus.tensor(0)));
        corpus.program("close", "multiply", inputs, "\"expect\": [%s], %s".formatted(corpus.tensor(0), TOLERANCE));
        assertContains("small: 1 passed, 1 failed", corpus.run());
    }

    @Test
    void notANumberEqualsItselfOnly() throws IOException {
        float nan = Float.NaN;
        corpus.program(
                "equal",
                "multiply",
                corpus.tensor(nan) + "," + corpus.tensor(1),
                "\"expect\": [%s], %s".formatted(corpus.tensor(nan), TOLERANCE));
        corpus.program(
                "number",
                "multiply",
                corpus.tensor(1) + "," + corpus.tensor(1),
                "\"expect\": [%s], %s".formatted(corpus.tensor(nan), TOLERANCE));
        corpus.program(
                "infinite",
                "multiply",
                corpus.tensor(nan) + "," + corpus.tensor(1),
                "\"expect\": [%s], \"rtol\": 1e9, \"atol\": 1e9".formatted(corpus.tensor(1)));
        assertContains("small: 1 passed, 2 failed", corpus.run());
    }

    @Test
    void whatMustBeRefusedFailsIfItIsAccepted() throws IOException {
        String error = "\"error\": {\"type\": \"ValueError\", \"message\": \"shapes\"}";
        corpus.program("refused", "add", corpus.tensor(1, 2) + "," + corpus.tensor(1, 2, 3), error);
        corpus.program("accepted", "add", corpus.tensor(1, 2) + "," + corpus.tensor(1, 2), error);
        SmallCorpus.Run run = corpus.run();
        assertContains("small: 1 passed, 1 failed", run);
        assertContains("small/accepted: refusal: was accepted", run);
    }

    @Test
    void anAccidentIsNoRefusal() {
        assertTrue(Refusal.isRefusal(new IllegalArgumentException("add: shapes (2) and (3) cannot be broadcast")));
        for (RuntimeException accident : List.of(
                new NullPointerException("add: x is null"),
                new ArrayIndexOutOfBoundsException("Index 3 out of bounds for length 3"),
                new IndexOutOfBoundsException("Index 3 out of bounds for length 3"),
                new ClassCastException("no: such cast"),
                new UnsupportedOperationException(),
                new NumberFormatException("For input string: \"x\""))) {
            assertTrue(!Refusal.isRefusal(accident), accident::toString);
        }
    }

    @Test
    void countsWhatIsNotMapped() throws IOException {
        corpus.program("strange", "no_such_operation", corpus.tensor(1) + "," + corpus.tensor(1), "\"expect\": []");
        corpus.add("stranger", "\"kind\": \"no_such_kind\"");
        SmallCorpus.Run run = corpus.run();
        assertContains("small: 0 passed, 0 failed, 2 unsupported", run);
        assertContains("not mapped yet: kind no_such_kind (1), no_such_operation (1)", run);
        assertEquals(0, run.status());
    }

    @Test
    void runsOneCase() throws IOException {
        program("right", new float[] {4, 10, 18}, TOLERANCE);
        program("wrong", new float[] {4, 10.5f, 17}, TOLERANCE);
        assertContains("total: 1 passed, 0 failed", corpus.run("--family", "small", "--case", "right"));
    }

    @Test
    void runsOnTheBackendThatIsAskedFor() throws IOException {
        program("right", new float[] {4, 10, 18}, TOLERANCE);
        assertContains("total: 1 passed, 0 failed", corpus.run("--backend", "cpu"));
        SmallCorpus.Run run = corpus.run("--backend", "none");
        assertContains("'none'", run);
        assertEquals(2, run.status());
    }

    @Test
    void writesTheTableAndTheList() throws IOException {
        program("right", new float[] {4, 10, 18}, TOLERANCE);
        corpus.add("stranger", "\"kind\": \"no_such_kind\"");
        Path table = directory.resolve("table.md");
        Path list = directory.resolve("list.txt");
        corpus.run("--markdown", table.toString(), "--unsupported", list.toString());
        assertTrue(Files.readString(table).contains("| small | 1 | 0 | 1 |"));
        assertEquals(List.of("small/stranger"), Files.readAllLines(list));
    }

    @Test
    void wrongArgumentsGiveTheUsage() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        assertEquals(2, ParityRunner.run(List.of(), nowhere));
        assertEquals(2, ParityRunner.run(List.of("a", "b"), nowhere));
        assertEquals(2, ParityRunner.run(List.of("a", "--family"), nowhere));
        assertEquals(2, ParityRunner.run(List.of(directory.resolve("none").toString()), nowhere));
    }
}
