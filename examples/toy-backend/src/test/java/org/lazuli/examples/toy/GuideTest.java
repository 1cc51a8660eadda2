package org.lazuli.examples.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.conformance.Skeleton;

/// The guide quotes this project as it is, and this project is what the guide says it starts from.
class GuideTest {
    private static final Path ROOT = root();

    /// A block of code after a comment that names the file it is from.
    private static final Pattern QUOTE =
            Pattern.compile("<!-- from (\\S+) -->\\n```java\\n(.*?)\\n```", Pattern.DOTALL);

    private static final Pattern JAVA = Pattern.compile("^```java$", Pattern.MULTILINE);

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/writing-a-backend.md"))) {
            here = here.getParent();
        }
        return here;
    }

    @TestFactory
    Stream<DynamicTest> everyQuoteStandsInItsFile() throws IOException {
        return quotes().stream()
                .map(quote -> DynamicTest.dynamicTest(quote.group(1), () -> {
                    String source = Files.readString(ROOT.resolve(quote.group(1)));
                    assertTrue(
                            source.contains(quote.group(2)),
                            () -> quote.group(1) + " does not hold what the guide quotes:\n" + quote.group(2));
                }));
    }

    @Test
    void allCodeOfTheGuideIsQuoted() throws IOException {
        List<MatchResult> quotes = quotes();
        assertTrue(quotes.size() >= 6, "found only " + quotes.size());
        assertEquals(quotes.size(), JAVA.matcher(guide()).results().count());
    }

    @Test
    void theToyBeganAsTheSkeleton() throws IOException {
        Skeleton skeleton = new Skeleton("org.lazuli.examples.toy", "toy", "0.1.0-SNAPSHOT");
        List<String> missing = new ArrayList<>();
        for (String file : skeleton.files().keySet()) {
            if (!Files.exists(ROOT.resolve("examples/toy-backend").resolve(file))) {
                missing.add(file);
            }
        }
        assertEquals(List.of(), missing);
        String elements = "src/main/java/org/lazuli/examples/toy/Elements.java";
        assertEquals(
                skeleton.files().get(elements),
                Files.readString(ROOT.resolve("examples/toy-backend").resolve(elements)),
                "what the guide says was generated");
    }

    private static List<MatchResult> quotes() throws IOException {
        return QUOTE.matcher(guide()).results().toList();
    }

    private static String guide() throws IOException {
        return Files.readString(ROOT.resolve("docs/writing-a-backend.md"));
    }
}
