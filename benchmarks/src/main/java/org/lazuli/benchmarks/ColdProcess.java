package org.lazuli.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A fresh process that runs a small program to its end.
///
/// @param text what the program printed but for its peak
/// @param peakMegabytes the most memory that it had, 0 where the system does not tell
public record ColdProcess(String text, long peakMegabytes) {
    private static final String PEAK = "peak memory in kB: ";

    /// @param options of the JVM
    /// @param program a class with a `main` that calls [#printPeak()] last
    /// @throws IllegalStateException if it fails or prints nothing
    public static ColdProcess run(List<String> options, String program, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || text.isBlank()) {
            throw new IllegalStateException(program + " " + String.join(" ", args) + " failed: " + text);
        }
        int at = text.lastIndexOf(PEAK);
        return at < 0
                ? new ColdProcess(text.trim(), 0)
                : new ColdProcess(
                        text.substring(0, at).trim(),
                        Long.parseLong(text.substring(at + PEAK.length()).trim()) / 1024);
    }

    /// Prints the most memory that this process had so far, where the system tells it.
    public static void printPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    System.out.println(PEAK
                            + line.substring("VmHWM:".length(), line.length() - " kB".length())
                                    .trim());
                }
            }
        }
    }
}
