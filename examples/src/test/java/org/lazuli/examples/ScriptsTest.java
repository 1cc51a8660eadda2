package org.lazuli.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script and the session that need no project do what is written.
class ScriptsTest {
    private static final String PROMPT = "jshell> ";
    private static final Path SESSION = Path.of("jshell-session.txt");
    private static final Path SCRIPT = Path.of("SineFit.java");

    @TempDir
    Path directory;

    @Test
    void theSessionAnswersAsItIsWritten() throws IOException, InterruptedException {
        List<String> session = Files.readAllLines(SESSION);
        Path commands = Files.write(
                directory.resolve("commands"),
                session.stream()
                        .filter(line -> line.startsWith(PROMPT))
                        .map(line -> line.substring(PROMPT.length()))
                        .toList());

        // It remembers nothing of the user who runs this and writes nothing to their home; the directory is there, or
        // Java would say that it had to make it.
        Files.createDirectories(directory.resolve(".java/.userPrefs"));
        String output = output(
                commands,
                "jshell",
                "--class-path",
                System.getProperty("java.class.path"),
                "--feedback",
                "concise",
                "-J-Djava.util.prefs.userRoot=" + directory,
                "-R-Dlazuli.backend=cpu",
                "-R--add-modules",
                "-Rjdk.incubator.vector");

        List<String> answers =
                session.stream().filter(line -> !line.startsWith(PROMPT)).toList();
        assertFalse(answers.isEmpty());
        assertEquals(
                answers,
                output.replace(PROMPT, "")
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("WARNING: Using incubator"))
                        .toList());
    }

    @Test
    void theGuideShowsTheSessionAndTheScript() throws IOException {
        String guide = Files.readString(Path.of("README.md"));
        assertTrue(guide.contains("```\n" + Files.readString(SESSION) + "```\n"));
        assertTrue(guide.contains("```java\n" + Files.readString(SCRIPT) + "```\n"));
    }

    @Test
    void theScriptRunsAsAPlainProgramToo() throws IOException, InterruptedException {
        String output = output(null, "java", "-cp", System.getProperty("java.class.path"), SCRIPT.toString());

        Matcher loss = Pattern.compile("loss (\\d\\.\\d+)").matcher(output);
        assertTrue(loss.find(), output);
        assertTrue(Double.parseDouble(loss.group(1)) < 0.015, output);
    }

    @Test
    void theScriptAsksForTheVersionThatIsBuilt() throws IOException {
        Matcher version = Pattern.compile("<artifactId>lazuli-parent</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(version.find());
        assertTrue(Files.readAllLines(SCRIPT).contains("//DEPS org.lazuli:lazuli-reference-cpu:" + version.group(1)));
    }

    private static String output(Path input, String tool, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
