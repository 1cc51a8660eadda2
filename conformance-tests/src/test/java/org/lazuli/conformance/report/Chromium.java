package org.lazuli.conformance.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A browser without a window that loads a page from a file, runs its script and says what became of it.
final class Chromium {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Path MAC = Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    private final Path program;

    private Chromium(Path program) {
        this.program = program;
    }

    /// The browser that `LAZULI_CHROMIUM` names, or else one that is installed. Where there is none, the test that asks is aborted, loudly.
    static Chromium orAbort(Class<?> test) {
        Optional<Path> found = find();
        if (found.isEmpty()) {
            String reason =
                    test.getSimpleName() + " DID NOT RUN: there is no Chromium or Chrome here. Install one (Debian:"
                            + " apt-get install chromium), or name it in the environment variable LAZULI_CHROMIUM.";
            System.err.println(reason);
            Assumptions.abort(reason);
        }
        return new Chromium(found.get());
    }

    private static Optional<Path> find() {
        String named = System.getenv("LAZULI_CHROMIUM");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        Stream<Path> installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        return Stream.concat(installed, Stream.of(MAC))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// The page's markup after its script has run.
    ///
    /// @param fragment what follows `#` in the address
    /// @param directory an empty directory for the browser's own files
    String load(Path page, String fragment, Path directory) throws IOException, InterruptedException {
        Path markup = directory.resolve("markup.html");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom",
                page.toUri() + (fragment.isEmpty() ? "" : "#" + fragment)));
        Path messages = directory.resolve("messages.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(markup.toFile())
                .redirectError(messages.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException(program + " does not end; it says: " + Files.readString(messages));
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    program + " ends with " + process.exitValue() + "; it says: " + Files.readString(messages));
        }
        return Files.readString(markup);
    }
}
