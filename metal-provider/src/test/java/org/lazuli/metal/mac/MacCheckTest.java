package org.lazuli.metal.mac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.metal.MetalBackendProvider;
import org.lazuli.metal.Simulator;

/// The Mac check compiles, runs and reports; tried on the simulated device.
class MacCheckTest {
    private static final String ONLY = "lazuli.conformance.only";

    /// Of some thousands.
    private static final int KERNELS = 40;

    @TempDir
    Path folder;

    private final String library = System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY, "");

    @AfterEach
    void restore() {
        System.setProperty(MetalBackendProvider.LIBRARY_PROPERTY, library);
        System.clearProperty(ONLY);
    }

    private String run(int expected) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int status = MacCheck.run(folder, KERNELS, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(expected, status, text);
        assertTrue(text.contains("The report is "), text);
        return Files.readString(folder.resolve("report.txt"));
    }

    @Test
    void withoutADeviceItSaysWhyAndFails() throws IOException {
        System.setProperty(
                MetalBackendProvider.LIBRARY_PROPERTY,
                folder.resolve("nothing.so").toString());
        String report = run(1);
        assertTrue(report.contains("The Metal backend is not available: "), report);
        assertTrue(report.contains("cannot be loaded"), report);
    }

    @Test
    void itCompilesKernelsAndRunsTheSuite() throws IOException {
        Simulator.require();
        System.setProperty(ONLY, "Binary.ADD/float32");
        String report = run(0);
        assertTrue(report.contains("This is a simulated device"), report);
        assertTrue(report.contains(" compiled, 0 of them failed"), report);
        assertTrue(report.contains("Binary.ADD"), report);
        assertTrue(report.contains("Everything compiled and passed."), report);
    }
}
