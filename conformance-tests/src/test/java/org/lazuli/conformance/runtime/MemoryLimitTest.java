package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.conformance.Collected;
import org.lazuli.conformance.input.Refused;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.OutOfDeviceMemoryException;

/// Memory figures, and what happens when there is not enough.
class MemoryLimitTest {
    private static final int MIB = 1 << 20;

    private WatchedBackend backend;

    @BeforeEach
    void open() {
        backend = WatchedBackend.open();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /// An evaluated array of this size.
    private static Array ofMebibytes(int count) {
        float[] ones = new float[count * MIB / Float.BYTES];
        java.util.Arrays.fill(ones, 1);
        return Ops.array(ones);
    }

    @Test
    void figuresFollowTheBuffers() {
        assertEquals(0, Memory.active());
        Array first = ofMebibytes(2);
        assertEquals(2 * MIB, Memory.active());
        assertEquals(1, Memory.stats().buffers());
        Array second = first.mul(2).eval();
        assertEquals(4 * MIB, Memory.active());
        assertEquals(4 * MIB, Memory.peak());
        assertEquals(2f, second.toFloatArray()[0]);
        first = null;
        second = null;
        MemoryStats collected = Collected.stats();
        assertEquals(0, collected.active());
        assertEquals(0, collected.buffers());
        assertEquals(4 * MIB, collected.cached());
        assertEquals(4 * MIB, collected.peak());
        Memory.resetPeak();
        assertEquals(0, Memory.peak());
        Memory.clearCache();
        assertEquals(0, Memory.cached());
    }

    @Test
    void limitsAreSetAndTheOldOnesReturned() {
        MemoryStats before = Memory.stats();
        assertEquals(before.memoryLimit(), Memory.setLimit(64L * MIB));
        assertEquals(64L * MIB, Memory.setLimit(32L * MIB));
        assertEquals(before.cacheLimit(), Memory.setCacheLimit(MIB));
        assertEquals(32L * MIB, Memory.stats().memoryLimit());
        assertEquals(MIB, Memory.stats().cacheLimit());
        assertThrows(IllegalArgumentException.class, () -> Memory.setLimit(-1));
        assertThrows(IllegalArgumentException.class, () -> Memory.setCacheLimit(-1));
    }

    @Test
    void theCacheStaysWithinItsLimit() {
        Memory.setCacheLimit(3 * MIB);
        for (int i = 0; i < 10; i++) {
            try (var scope = Memory.scope()) {
                scope.keep(java.util.List.of());
                ofMebibytes(1 + i % 3);
            }
            assertTrue(Memory.cached() <= 3 * MIB);
        }
        Memory.setCacheLimit(0);
        assertEquals(0, Memory.cached());
    }

    @Test
    void withoutMemoryTheErrorSaysHowMuchIsThere() {
        Array held = ofMebibytes(4);
        Memory.setLimit(10 * MIB);
        Array tooLarge = Ops.zeros(8 * MIB / Float.BYTES).add(1);
        Refused.with(
                OutOfDeviceMemoryException.class, tooLarge::eval, "8.0 MiB", "limit of 10.0 MiB", "4.0 MiB", "smaller");

        // Everything is as before.
        assertEquals(4 * MIB, Memory.active());
        assertEquals(1f, held.add(0).max().item());
        Memory.setLimit(64 * MIB);
        assertEquals(1f, tooLarge.max().item());
    }

    @Test
    void aFailureInTheMiddleOfAGraphLeavesTheLibraryUsable() {
        Array x = ofMebibytes(2);
        Memory.setLimit(6 * MIB);
        Array gradient = Transforms.grad((Array y) -> {
                    Array total = y;
                    for (int i = 0; i < 8; i++) {
                        total = Ops.concatenate(java.util.List.of(total.cumsum(0), y))
                                .get(org.lazuli.Index.from(i));
                    }
                    return total.sum();
                })
                .apply(x);
        assertThrows(OutOfDeviceMemoryException.class, gradient::eval);
        assertEquals(2 * MIB, Memory.active());
        assertEquals(3f, x.add(2).min().item());
        Memory.setLimit(1L << 30);
        assertEquals(x.shape(), gradient.eval().shape());
    }

    @Test
    void arraysThatNobodyReachesMakeRoom() {
        Memory.setLimit(16 * MIB);
        Memory.setCacheLimit(0);
        Array last = ofMebibytes(1);
        for (int i = 0; i < 200; i++) {
            // Nothing here asks for a collection, and 200 MiB would not fit.
            last = last.add(1).mul(0.5).eval();
        }
        assertArrayEquals(new float[] {1, 1}, java.util.Arrays.copyOf(last.toFloatArray(), 2), 1e-6f);
        assertTrue(Memory.peak() <= 16 * MIB);
    }

    @Test
    void intermediateValuesThatNobodyHoldsMakeRoom() {
        Memory.setLimit(8 * MIB);
        Array x = ofMebibytes(1);
        Array y = x;
        for (int i = 0; i < 40; i++) {
            y = y.cumsum(0).mul(1e-3).flip(0);
        }
        // A plain chain keeps each step for whoever still holds it. Nobody does, so there is room.
        assertEquals(x.shape(), y.eval().shape());
    }

    @Test
    void intermediateValuesThatSomeoneHoldsAreKept() {
        Memory.setLimit(8 * MIB);
        Array x = ofMebibytes(1);
        Array held = x.cumsum(0);
        float[] expected = held.add(0).get(org.lazuli.Index.to(8)).toFloatArray();
        Array y = held;
        for (int i = 0; i < 40; i++) {
            y = y.cumsum(0).mul(1e-3).flip(0);
        }
        y.eval();
        backend.forget();
        assertArrayEquals(expected, held.get(org.lazuli.Index.to(8)).toFloatArray());
        assertEquals(0, backend.count(org.lazuli.spi.Primitive.Scan.class), "it was computed with the others and kept");
    }

    @Test
    void anArrayOfTooManyElementsIsAnErrorAtTheCall() {
        Array x = Ops.zeros(1 << 16, 1);
        Refused.with(
                IllegalArgumentException.class,
                () -> x.add(Ops.zeros(1, 1 << 16)),
                "(65536,65536)",
                "2147483647",
                "split");
    }
}
