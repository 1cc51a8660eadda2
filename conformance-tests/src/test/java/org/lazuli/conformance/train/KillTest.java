package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A run that is killed and started again ends where one that was left alone does.
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGKILL")
class KillTest {
    private static final int KILLED = 128 + 9;
    private static final int RUNS = 10;

    @TempDir
    Path directory;

    @Test
    void tenRunsKilledAtRandomMomentsEndWithTheSameWeights() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        long start = System.nanoTime();
        byte[] expected = toTheEnd("alone");
        long duration = System.nanoTime() - start;

        int resumed = 0;
        for (int run = 0; run < RUNS; run++) {
            String name = "run" + run;
            // Every other run is killed once it has something to go on from, the rest at any moment at all.
            while (!killed(name, run % 2 == 0, random.nextLong(duration))) {
                // It was faster than the kill.
                duration = duration / 2 + 1;
                Files.deleteIfExists(checkpoint(name));
                Files.deleteIfExists(weights(name));
            }
            resumed += Files.exists(checkpoint(name)) ? 1 : 0;
            assertFalse(Files.exists(weights(name)));

            assertArrayEquals(expected, toTheEnd(name), name + ", seed " + seed);
        }
        assertTrue(resumed >= RUNS / 2, "only " + resumed + " runs had a checkpoint when they were killed");
    }

    private Path checkpoint(String name) {
        return directory.resolve(name + ".safetensors");
    }

    private Path weights(String name) {
        return directory.resolve(name + "-weights.safetensors");
    }

    private byte[] toTheEnd(String name) throws IOException, InterruptedException {
        assertEquals(0, start(name).waitFor(), name);
        return Files.readAllBytes(weights(name));
    }

    /// Starts a run and kills it.
    ///
    /// @return false if it was done before
    private boolean killed(String name, boolean afterCheckpoint, long nanos) throws IOException, InterruptedException {
        Process process = start(name);
        while (afterCheckpoint && process.isAlive() && !Files.exists(checkpoint(name))) {
            process.waitFor(1, TimeUnit.MILLISECONDS);
        }
        process.waitFor(afterCheckpoint ? nanos / 2 : nanos, TimeUnit.NANOSECONDS);
        process.destroyForcibly();
        return process.waitFor() == KILLED && !Files.exists(weights(name));
    }

    private Process start(String name) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // On the same backend, with or without the Vector API as the tests are.
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        Stream.of("lazuli.backend", "lazuli.test.vector")
                .filter(property -> System.getProperty(property) != null)
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LongRun.class.getName(),
                checkpoint(name).toString(),
                weights(name).toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
    }
}
