package org.lazuli.conformance.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.conformance.Compiled;
import org.lazuli.conformance.SuiteRun;
import org.lazuli.conformance.report.Failure;
import org.lazuli.conformance.report.Figures;
import org.lazuli.conformance.report.Outcome;
import org.lazuli.conformance.report.Report;
import org.lazuli.conformance.report.Result;

/// What a failure says is enough to see it again; and what its author knows of is no failure.
@DisabledIfSystemProperty(
        named = "lazuli.test.vector",
        matches = "off",
        disabledReason = "what judges is plain with and without vectors")
class ReproductionTest {
    private static final Pattern ONLY = Pattern.compile("-Dlazuli\\.conformance\\.only=\"([^\"]*)\"");
    private static final String SINE = "Unary.SIN/float32";

    private static Report wrongSine(String only) {
        return SuiteRun.of(Mutant.provider(ArithmeticMutants.WrongSine::new), "mutant-sine", only, 1);
    }

    private static Result wrongValue() {
        Result result = wrongSine(SINE).results(Outcome.FAILED).getLast();
        assertEquals("Unary.SIN float32 values", result.name());
        return result;
    }

    @Test
    void theCommandRerunsItsCheckAloneAndFindsTheSame() {
        Failure failure = wrongValue().failure();
        for (String part : List.of(
                failure.got(),
                failure.reference(),
                failure.error(),
                failure.allowed(),
                failure.input(),
                failure.java())) {
            assertFalse(part.isBlank(), failure.toString());
        }
        Matcher only = ONLY.matcher(failure.command());
        assertTrue(only.find(), failure.command());
        Report again = wrongSine(only.group(1));
        assertEquals(1, again.figures().failed());
        assertEquals(failure, again.results(Outcome.FAILED).getFirst().failure(), "shrunk the same way");
    }

    @Test
    void itsJavaShowsTheDifference(@TempDir Path directory) throws Exception {
        Failure failure = wrongValue().failure();
        Path source = Files.writeString(directory.resolve("Reproduction.java"), """
                import java.util.List;
                import org.lazuli.*;
                import org.lazuli.conformance.*;
                import org.lazuli.cpu.CpuBackendProvider;
                import org.lazuli.spi.*;

                public class Reproduction {
                    static BackendProvider provider() {
                        return SuiteRun.lastProvider();
                    }

                    public static void main(String[] arguments) {
                %s
                    }
                }
                """.formatted(failure.java()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        try (Compiled compiled = Compiled.of(List.of(source), directory, directory.resolve("classes"))) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            compiled.loader()
                    .loadClass("Reproduction")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines.toString());
        assertFalse(lines.get(0).equals(lines.get(1)), "the backend and the reference agree: " + lines);
        for (String line : lines) {
            assertTrue(line.startsWith("[float32("), line);
        }
    }

    @Test
    void aKnownGapIsNoFailure() {
        Report report = SuiteRun.of(
                Mutant.provider(ArithmeticMutants.WrongSine::new), SINE, Map.of(SINE + "/values", "issue 12"));
        assertEquals(1, report.figures().knownGaps());
        Result gap = report.results(Outcome.KNOWN_GAP).getFirst();
        assertEquals("Unary.SIN float32 values", gap.name());
        assertEquals("issue 12", gap.reason());
        assertEquals(wrongValue().failure(), gap.failure(), "what is wrong is still said");
        assertEquals(2, report.figures().failed(), "the layouts and the special values, of which nothing was said");
    }

    @Test
    void aKnownGapThatPassesFails() {
        Report report = SuiteRun.of(
                Mutant.provider(ArithmeticMutants.WrongSine::new),
                "Unary.COS/float32/values",
                Map.of("Unary.COS/float32/values", "issue 13"));
        Figures figures = report.figures();
        assertEquals(1, figures.failed(), figures.toString());
        Failure failure = report.results(Outcome.FAILED).getFirst().failure();
        assertTrue(failure.reference().contains("issue 13"), failure.toString());
    }
}
