package org.lazuli.graph;

import org.lazuli.spi.Backend;
import org.lazuli.spi.MemoryStats;

/// The memory of the backend that evaluates, or of the device whose scope is open: its figures and its limits.
public final class DeviceMemory {
    private DeviceMemory() {}

    /// All figures at one moment.
    public static MemoryStats stats() {
        return Evaluator.exclusively(() -> backend().memory());
    }

    /// Begins a new peak at what is active now.
    public static void resetPeak() {
        Evaluator.exclusively(() -> {
            backend().resetPeak();
            return 0;
        });
    }

    /// Sets how much may be active, and returns what it was.
    public static long setLimit(long bytes) {
        return Evaluator.exclusively(() -> {
            MemoryStats before = backend().memory();
            backend().limits(bytes, before.cacheLimit());
            return before.memoryLimit();
        });
    }

    /// Sets how much may be kept for reuse, and returns what it was.
    public static long setCacheLimit(long bytes) {
        return Evaluator.exclusively(() -> {
            MemoryStats before = backend().memory();
            backend().limits(before.memoryLimit(), bytes);
            return before.cacheLimit();
        });
    }

    /// Lets go of every cached buffer.
    public static void clearCache() {
        Evaluator.exclusively(() -> {
            backend().clearCache();
            return 0;
        });
    }

    private static Backend backend() {
        return ActiveBackend.here().backend();
    }
}
