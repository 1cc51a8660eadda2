package org.lazuli.metal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;

/// The software Metal device that tests run on: a library that `lazuli.metal.library` names. It is built where clang and g++ are there.
public final class Simulator {
    private static final AtomicBoolean MISSED = new AtomicBoolean();

    private Simulator() {}

    /// Leaves the test undone, loudly, if there is no simulated device.
    public static void require() {
        String library = System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY, "");
        boolean there = !library.isEmpty() && Files.isReadable(Path.of(library));
        if (!there && !MISSED.getAndSet(true)) {
            System.err.println(
                    """
                    ************************************************************************************
                    The tests of the Metal backend DO NOT RUN: there is no software Metal device at
                      %s
                    It is built with clang 19 and g++ (apt-get install clang-19 g++).
                    ************************************************************************************""".formatted(library.isEmpty() ? "(the property lazuli.metal.library is not set)" : library));
        }
        Assumptions.assumeTrue(there, "no software Metal device at " + library);
    }
}
