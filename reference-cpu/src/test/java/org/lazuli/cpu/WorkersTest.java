package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    @Test
    void everyPartRunsOnce() {
        for (int threads : new int[] {1, 2, 5}) {
            Workers workers = new Workers(threads);
            for (int parts = 0; parts < 200; parts++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(parts + 1);
                workers.run(parts, runs::incrementAndGet);
                for (int i = 0; i < parts; i++) {
                    assertEquals(1, runs.get(i));
                }
                assertEquals(0, runs.get(parts));
            }
        }
    }

    /// Two parts that wait for each other can only finish at the same time.
    @Test
    void partsRunTogether() {
        Workers workers = new Workers(2);
        AtomicInteger met = new AtomicInteger();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        together(workers, part -> {
            threads.add(Thread.currentThread());
            met.incrementAndGet();
        });
        assertEquals(2, met.get());
        assertEquals(2, threads.size());
        assertTrue(threads.stream()
                .filter(thread -> thread != Thread.currentThread())
                .allMatch(Thread::isDaemon));
    }

    @Test
    void whoHadToWaitForALostThreadWorksAloneForAWhile() {
        Workers workers = new Workers(2);
        Thread caller = Thread.currentThread();
        // On a machine with much else to do the wait is not always recognized.
        Set<Thread> threads = Set.of();
        for (int attempt = 0; attempt < 50 && !threads.equals(Set.of(caller)); attempt++) {
            together(workers, part -> {
                if (Thread.currentThread() != caller) {
                    sleep(60);
                }
            });
            threads = threadsOf(workers, 80);
        }
        assertEquals(Set.of(caller), threads);
        for (int attempt = 0; attempt < 500 && threads.size() < 2; attempt++) {
            threads = threadsOf(workers, 80);
        }
        assertEquals(2, threads.size());
    }

    /// Who runs these parts, of a millisecond each.
    private static Set<Thread> threadsOf(Workers workers, int parts) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        workers.run(parts, part -> {
            threads.add(Thread.currentThread());
            sleep(1);
        });
        return threads;
    }

    /// Runs a part on each of two threads, and fails if that does not happen.
    private static void together(Workers workers, Workers.Part part) {
        CountDownLatch both = new CountDownLatch(2);
        workers.run(2, i -> {
            both.countDown();
            try {
                assertTrue(both.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            part.run(i);
        });
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatGoesWrongIsThrownAndTheNextJobRuns() {
        Workers workers = new Workers(3);
        for (int i = 0; i < 20; i++) {
            AtomicInteger ran = new AtomicInteger();
            IndexOutOfBoundsException thrown = assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> workers.run(10, part -> {
                        ran.incrementAndGet();
                        if (part == 4) {
                            throw new IndexOutOfBoundsException("part 4");
                        }
                    }));
            assertEquals("part 4", thrown.getMessage());
            assertEquals(10, ran.get());
        }
        int[] done = new int[10];
        workers.run(10, part -> done[part] = part);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, done);
    }

    @Test
    void aPartMayHaveParts() {
        Workers workers = new Workers(2);
        AtomicInteger sum = new AtomicInteger();
        workers.run(4, outer -> workers.run(4, inner -> sum.addAndGet(outer * 4 + inner)));
        assertEquals(120, sum.get());
    }

    @Test
    void severalThreadsMayAsk() throws InterruptedException {
        Workers workers = new Workers(3);
        AtomicInteger total = new AtomicInteger();
        Thread[] callers = new Thread[4];
        Arrays.setAll(
                callers,
                i -> Thread.ofPlatform().start(() -> {
                    for (int job = 0; job < 100; job++) {
                        workers.run(8, part -> total.incrementAndGet());
                    }
                }));
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(4 * 100 * 8, total.get());
    }
}
