package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;

/// A loop gives the same bits before the JIT compiler has seen it and after, so that a computation does not depend on what ran before it.
class DeterminismTest {
    /// Enough calls for the compiler's last level, which `-Xbatch` waits for.
    private static final int WARM = 800;

    @Test
    void interpretedAndCompiledLoopsGiveTheSameBits() throws Exception {
        Process interpreted = start("-Xint", 1);
        Process compiled = start("-Xbatch", WARM);
        List<String> expected = lines(interpreted);
        List<String> actual = lines(compiled);
        assertTrue(expected.size() > 100, () -> "hardly a loop ran: " + expected);
        assertEquals(expected, actual);
        boolean vectors = VectorSupport.get() != null;
        assertEquals(
                vectors ? 25 + VectorSupport.get().micro().rows() / 2 : 0,
                expected.stream().filter(line -> line.startsWith("vector ")).count());
    }

    private static Process start(String mode, int calls) throws IOException, URISyntaxException {
        Path own = location(DeterminismTest.class);
        Path main = own.resolveSibling("classes");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), mode));
        if (VectorSupport.get() != null) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dlazuli.vector=now"));
        }
        command.addAll(List.of(
                "-cp",
                String.join(
                        File.pathSeparator,
                        List.of(
                                own.resolveSibling("test-classes").toString(),
                                main.toString(),
                                location(DType.class).toString())),
                "org.lazuli.cpu.KernelBits",
                Integer.toString(calls)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<String> lines(Process process) throws IOException, InterruptedException {
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor());
        return lines;
    }
}
