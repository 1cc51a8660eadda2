package org.lazuli.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A report counts what it was given, whatever the order, and its texts say the same as it does.
class ReportTest {
    private static final Failure FOUND = new Failure("1", "2", "1 ulp", "0 ulp", "[0]", "x.exp()", "mvn test");

    @Test
    void theFiguresAddUp() {
        Figures figures = Samples.mixed().figures();
        assertEquals(new Figures(131, 2, 14, 2, 1), figures);
        assertEquals(150, figures.cases());
        assertEquals("150 cases: 131 passed, 2 failed, 14 unsupported, 2 known gaps, 1 untested", figures.toString());
        for (Outcome outcome : Outcome.values()) {
            assertEquals(
                    figures.count(outcome), Samples.mixed().results(outcome).size(), outcome.toString());
        }
    }

    @Test
    void theOrderOfAddingDoesNotShow() {
        Report report = Samples.mixed();
        List<Result> results = new ArrayList<>(report.results());
        Collections.shuffle(results, new Random(3));
        Report other = new Report(report.backend(), report.device(), report.seed());
        results.forEach(other::add);
        assertEquals(report.json(), other.json());
        assertEquals(report.markdown(), other.markdown());
        assertEquals(report.html(), other.html());
        assertEquals(report.table(), other.table());
    }

    @Test
    void resultsWithoutTheirReasonsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Result.unsupported("exp", "float32", "values", 1, " "));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Result("exp", "float32", "values", Outcome.UNTESTED, 0, null, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Result("exp", "float32", "values", Outcome.FAILED, 1, "reason", null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Result("exp", "float32", "values", Outcome.PASSED, 1, null, FOUND));
        assertThrows(IllegalArgumentException.class, () -> Result.passed("", "float32", "values", 1));
        assertThrows(IllegalArgumentException.class, () -> Result.passed("exp", "float32", "values", -1));
        assertThrows(IllegalArgumentException.class, () -> new Report(" ", "", 1));
    }

    @Test
    void theJsonHoldsTheFiguresAndEveryResult() {
        Report report = Samples.mixed();
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertEquals(
                List.of(
                        "backend",
                        "device",
                        "seed",
                        "cases",
                        "passed",
                        "failed",
                        "unsupported",
                        "knownGaps",
                        "untested",
                        "results"),
                List.copyOf(json.keySet()));
        assertEquals(report.backend(), json.get("backend").getAsString());
        assertEquals(report.device(), json.get("device").getAsString());
        assertEquals(report.seed(), json.get("seed").getAsLong());
        Figures figures = report.figures();
        assertEquals(figures.cases(), json.get("cases").getAsInt());
        assertEquals(figures.passed(), json.get("passed").getAsInt());
        assertEquals(figures.failed(), json.get("failed").getAsInt());
        assertEquals(figures.unsupported(), json.get("unsupported").getAsInt());
        assertEquals(figures.knownGaps(), json.get("knownGaps").getAsInt());
        assertEquals(figures.untested(), json.get("untested").getAsInt());
        JsonArray array = json.getAsJsonArray("results");
        List<Result> read = new ArrayList<>();
        array.forEach(element -> read.add(result(element.getAsJsonObject())));
        assertEquals(report.results(), read);
    }

    private static Result result(JsonObject json) {
        Outcome outcome = Stream.of(Outcome.values())
                .filter(one -> one.key().equals(json.get("outcome").getAsString()))
                .findFirst()
                .orElseThrow();
        JsonObject failure = json.getAsJsonObject("failure");
        return new Result(
                json.get("operation").getAsString(),
                json.get("dtype").getAsString(),
                json.get("check").getAsString(),
                outcome,
                json.get("inputs").getAsInt(),
                json.has("reason") ? json.get("reason").getAsString() : null,
                failure == null
                        ? null
                        : new Failure(
                                failure.get("got").getAsString(),
                                failure.get("reference").getAsString(),
                                failure.get("error").getAsString(),
                                failure.get("allowed").getAsString(),
                                failure.get("input").getAsString(),
                                failure.get("java").getAsString(),
                                failure.get("command").getAsString()));
    }

    @Test
    void anEmptyReportIsOne() {
        Report report = new Report("none", "nothing", 0);
        assertEquals(0, report.figures().cases());
        assertEquals(
                0,
                JsonParser.parseString(report.json())
                        .getAsJsonObject()
                        .get("cases")
                        .getAsInt());
        assertTrue(report.table().contains("0 cases: 0 passed"), report.table());
        assertTrue(report.markdown().contains("| 0 | 0 | 0 | 0 | 0 | 0 |"), report.markdown());
    }

    @Test
    void theTableHasAWordForEachCell() {
        List<String> lines = Samples.mixed().table().lines().toList();
        assertTrue(lines.contains("          any  bool i32  bf16 f32  f64  c64"), lines.toString());
        assertTrue(lines.contains("backend   ok"), lines.toString());
        assertTrue(lines.contains("exp                 ok   ok   FAIL no"), lines.toString());
        assertTrue(lines.contains("erfinv         ok   ok   gap  ok   no"), lines.toString());
        assertTrue(lines.contains("sort           ok   ok   ok   ok   no   ?"), lines.toString());
        assertTrue(lines.contains("untested: sort: no row gives it inputs"), lines.toString());
        for (String part : List.of(
                "FAILED exp float32 values",
                "  got        2.7182822",
                "  reference  2.718281828459045",
                "  error      1.51 ulp",
                "  allowed    1 ulp",
                "  input      float32(1): [1.0]",
                "  java       Array x = Ops.array(new float[] {1f});",
                "  command    mvn test -Dtest=MetalConformance -Dlazuli.conformance.only='exp float32 values'")) {
            assertTrue(lines.contains(part), part + " is missing in " + lines);
        }
    }

    @Test
    void aPartlySupportedCellSaysSo() {
        Result passed = Result.passed("exp", "float32", "values", 1);
        Result refused = Result.unsupported("exp", "float32", "layouts", 1, "reason");
        Result gap = Result.knownGap("exp", "float32", "vmap", 1, "reason", FOUND);
        assertEquals("", ConsoleTable.word(List.of()));
        assertEquals("ok", ConsoleTable.word(List.of(passed)));
        assertEquals("no", ConsoleTable.word(List.of(refused)));
        assertEquals("part", ConsoleTable.word(List.of(passed, refused)));
        assertEquals("gap", ConsoleTable.word(List.of(passed, refused, gap)));
    }

    @Test
    void theMarkdownTakesNamesLiterally() {
        String markdown = Samples.mixed().markdown();
        assertTrue(markdown.contains("Device: Apple \\<M4\\> & \"friends\" (simulated)"), markdown);
        assertTrue(
                markdown.contains("| the device has no float64 \\| at all | add (float64); erfinv (float64);"),
                markdown);
        assertTrue(markdown.contains("| exp |  |  | ok | ok | **FAIL** | no |  |"), markdown);
    }

    @Test
    void longListsOfFailuresAreCutOnTheConsoleOnly() {
        Report report = new Report("broken", "nothing", 0);
        for (int i = 0; i < 40; i++) {
            report.add(Result.failed("op" + i, "float32", "values", 1, FOUND));
        }
        assertTrue(report.table().contains("and 10 more"), report.table());
        for (int i = 0; i < 40; i++) {
            assertTrue(report.markdown().contains("### op" + i + " float32 values"));
        }
    }

    @Test
    void itWritesThreeFiles(@TempDir Path directory) throws IOException {
        Report report = new Report("a b/../c", "device", 1);
        List<Path> files = report.write(directory.resolve("target/conformance"));
        assertEquals(
                List.of("a-b-..-c.json", "a-b-..-c.md", "a-b-..-c.html"),
                files.stream().map(file -> file.getFileName().toString()).toList());
        for (Path file : files) {
            assertEquals(directory.resolve("target/conformance"), file.getParent());
            assertFalse(Files.readString(file).isEmpty());
        }
    }
}
