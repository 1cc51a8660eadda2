package org.lazuli.conformance;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.lazuli.Memory;
import org.lazuli.spi.MemoryStats;

/// Memory figures once the garbage collector has found what nobody reaches.
public final class Collected {
    private static final int ROUNDS = 60;
    private static final int STABLE = 3;
    private static final int PATIENCE = 15;
    private static final int SECONDS = 60;

    private Collected() {}

    /// The figures after collections that changed nothing any more.
    public static MemoryStats stats() {
        MemoryStats before = Memory.stats();
        int unchanged = 0;
        for (int round = 0; round < ROUNDS && unchanged < STABLE; round++) {
            collect();
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

    /// Collects, and waits until a reference to an object that died before it has come out of its queue. References come out in the order of
    /// collections, on a thread that a busy machine may let wait for long: once one of this collection is out, all of the one before are.
    private static void collect() {
        ReferenceQueue<Object> dead = new ReferenceQueue<>();
        Reference<Object> witness = new PhantomReference<>(new Object(), dead);
        System.gc();
        try {
            if (dead.remove(SECONDS * 1000L) == null) {
                throw new AssertionError("no collection within " + SECONDS + " s: is -XX:+DisableExplicitGC set?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            Reference.reachabilityFence(witness);
        }
    }
}
