package org.lazuli.conformance;

import org.lazuli.Memory;
import org.lazuli.spi.MemoryStats;

/// Memory figures once the garbage collector has found what nobody reaches.
public final class Collected {
    private static final int ROUNDS = 60;
    private static final int STABLE = 3;
    private static final int PATIENCE = 15;

    private Collected() {}

    /// The figures after collections that changed nothing any more.
    public static MemoryStats stats() {
        MemoryStats before = Memory.stats();
        int unchanged = 0;
        for (int round = 0; round < ROUNDS && unchanged < STABLE; round++) {
            System.gc();
            pause();
            MemoryStats now = Memory.stats();
            unchanged = now.active() == before.active() && now.buffers() == before.buffers() ? unchanged + 1 : 0;
            before = now;
        }
        return before;
    }

    /// The figures once they are what they should be, or after a patience that outlasts a busy collector.
    static MemoryStats stats(MemoryStats expected) {
        MemoryStats now = stats();
        for (int round = 0; round < PATIENCE && !isSame(now, expected); round++) {
            now = stats();
        }
        return now;
    }

    static boolean isSame(MemoryStats a, MemoryStats b) {
        return a.active() == b.active() && a.buffers() == b.buffers();
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
