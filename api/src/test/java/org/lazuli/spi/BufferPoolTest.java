package org.lazuli.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    /// Memory that records what is asked of it, and refuses beyond a limit of its own.
    private static final class Recorder implements BufferPool.Memory<String, long[]> {
        final List<String> log = new ArrayList<>();
        long left = Long.MAX_VALUE;

        @Override
        public long[] obtain(String kind, long bytes) {
            if (bytes > left) {
                throw new OutOfDeviceMemoryException("full");
            }
            left -= bytes;
            log.add("+" + kind + bytes);
            return new long[] {bytes};
        }

        @Override
        public void giveBack(long[] storage) {
            left += storage[0];
            log.add("-" + storage[0]);
        }
    }

    private final Recorder memory = new Recorder();
    private final BufferPool<String, long[]> pool = new BufferPool<>("test", 1 << 20, 1 << 16, memory);

    @Test
    void reusesWhatIsOfTheSameKindAndSize() {
        BufferPool.Allocation<long[]> first = pool.allocate("a", 1000);
        pool.release(first);
        BufferPool.Allocation<long[]> again = pool.allocate("a", 990);
        assertSame(first.storage(), again.storage());
        assertNotSame(first, again);
        assertNotSame(first.storage(), pool.allocate("b", 1000).storage());
        assertNotSame(first.storage(), pool.allocate("a", 1000).storage());
    }

    @Test
    void whatIsLeftToTheCollectorIsCountedButNotKept() {
        BufferPool<String, long[]> leaving = new BufferPool<>("test", 1 << 20, 1 << 16, new BufferPool.Memory<>() {
            @Override
            public long[] obtain(String kind, long bytes) {
                return new long[] {bytes};
            }

            @Override
            public void giveBack(long[] storage) {}

            @Override
            public boolean isLeftToCollector(long bytes) {
                return bytes <= 1024;
            }
        });
        BufferPool.Allocation<long[]> small = leaving.allocate("a", 1000);
        BufferPool.Allocation<long[]> large = leaving.allocate("a", 2048);
        assertSame(large, large.remains());
        assertNotSame(small, small.remains());
        leaving.release(small.remains());
        assertEquals(2048, leaving.stats().active());
        assertEquals(1, leaving.stats().buffers());
        assertEquals(0, leaving.stats().cached());
        leaving.release(large);
        assertEquals(2048, leaving.stats().cached());
        leaving.release(leaving.allocate("a", 1000));
        assertEquals(2048 + 1024, leaving.stats().cached(), "released in time, it is used again");
    }

    @Property
    void sizesAreRoundedUpByAnEighthAtMost(@ForAll @LongRange(min = 128, max = 1L << 40) long bytes) {
        long size = BufferPool.sizeClass(bytes);
        assertTrue(size >= bytes && size - bytes <= bytes / 8 + Long.BYTES);
        assertEquals(size, BufferPool.sizeClass(size));
        assertEquals(0, size % Long.BYTES);
    }

    @Test
    void nothingCostsNothing() {
        pool.allocate("a", 0);
        assertEquals(0, pool.stats().active());
        assertEquals(1, pool.stats().buffers());
    }

    @Test
    void theOldestIsLetGoFirst() {
        pool.limits(1 << 20, 2048);
        BufferPool.Allocation<long[]> old = pool.allocate("a", 1024);
        BufferPool.Allocation<long[]> young = pool.allocate("b", 1024);
        BufferPool.Allocation<long[]> youngest = pool.allocate("c", 512);
        pool.release(old);
        pool.release(young);
        pool.release(youngest);
        assertEquals(List.of("+a1024", "+b1024", "+c512", "-1024"), memory.log);
        assertSame(young.storage(), pool.allocate("b", 1024).storage());
        assertNotSame(old.storage(), pool.allocate("a", 1024).storage());
    }

    @Test
    void theCacheMakesRoomBeforeTheLimitIsExceeded() {
        pool.limits(4096, 4096);
        pool.release(pool.allocate("a", 2048));
        pool.release(pool.allocate("b", 2048));
        pool.allocate("c", 1024);
        MemoryStats stats = pool.stats();
        assertEquals(1024, stats.active());
        assertEquals(2048, stats.cached());
        assertTrue(stats.active() + stats.cached() <= stats.memoryLimit());
    }

    @Test
    void aRefusalLetsTheCacheGoAndAsksAgain() {
        memory.left = 4096;
        pool.release(pool.allocate("a", 4096));
        assertEquals(2048, pool.allocate("b", 2048).bytes());
        OutOfDeviceMemoryException refused =
                assertThrows(OutOfDeviceMemoryException.class, () -> pool.allocate("b", 4000));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("test: no memory for a buffer of 3.9 KiB: 2.0 KiB are in use"),
                refused.getMessage());
        assertEquals(2048, pool.stats().active());
    }

    @Test
    void theLimitIsRefusedWithTheFigures() {
        pool.limits(4096, 0);
        pool.allocate("a", 3000);
        OutOfDeviceMemoryException refused =
                assertThrows(OutOfDeviceMemoryException.class, () -> pool.allocate("a", 2000));
        assertEquals(
                "test: no memory for a buffer of 2.0 KiB: of the memory limit of 4.0 KiB, 3.0 KiB are in use by 1"
                        + " buffers; let go of arrays, work in smaller batches, or raise the memory limit",
                refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> pool.limits(-1, 0));
    }

    @Test
    void aSecondReleaseIsAnError() {
        BufferPool.Allocation<long[]> buffer = pool.allocate("a", 100);
        pool.release(buffer);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> pool.release(buffer));
        assertTrue(String.valueOf(refused.getMessage()).contains("released"), refused.getMessage());
        assertEquals(0, pool.stats().active());
        assertEquals(0, pool.stats().buffers());
    }

    /// The figures add up whatever happens.
    @Property(tries = 100)
    void figuresAddUp(@ForAll long seed) {
        Random random = new Random(seed);
        Recorder recorder = new Recorder();
        BufferPool<String, long[]> pool = new BufferPool<>("test", 1 << 16, 1 << 14, recorder);
        List<BufferPool.Allocation<long[]>> held = new ArrayList<>();
        long peak = 0;
        for (int i = 0; i < 200; i++) {
            if (random.nextBoolean() || held.isEmpty()) {
                try {
                    held.add(pool.allocate("k" + random.nextInt(3), random.nextInt(8000)));
                } catch (OutOfDeviceMemoryException full) {
                    pool.release(held.removeFirst());
                }
            } else {
                pool.release(held.remove(random.nextInt(held.size())));
            }
            MemoryStats stats = pool.stats();
            long active = held.stream().mapToLong(BufferPool.Allocation::bytes).sum();
            peak = Math.max(peak, active);
            assertEquals(active, stats.active());
            assertEquals(held.size(), stats.buffers());
            assertTrue(stats.cached() <= stats.cacheLimit());
            assertTrue(stats.active() <= stats.memoryLimit());
            assertEquals(Long.MAX_VALUE - recorder.left, stats.active() + stats.cached());
        }
        assertTrue(pool.stats().peak() >= peak);
        pool.clear();
        held.forEach(pool::release);
        pool.clear();
        assertEquals(Long.MAX_VALUE, recorder.left);
    }
}
