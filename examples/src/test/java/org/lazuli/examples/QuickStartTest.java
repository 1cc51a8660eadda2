package org.lazuli.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The example that the README begins with is a program that runs.
class QuickStartTest {
    private static final Path PROGRAM = Path.of("QuickStart.java");
    private static final Path README = Path.of("..", "README.md");

    @Test
    void runsAndLearns() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PROGRAM.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertEquals(0, process.waitFor(), output);
        Matcher accuracy = Pattern.compile("accuracy (\\d\\.\\d+)").matcher(output);
        assertTrue(accuracy.find(), output);
        assertTrue(Double.parseDouble(accuracy.group(1)) > 0.97, output);
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        assertTrue(Files.readString(README).contains("```java\n" + Files.readString(PROGRAM) + "```\n"));
    }
}
