package org.lazuli.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The threads that large kernels share.
///
/// Work is cut into parts. Each thread, the caller among them, first claims those of its own range, the same from one kernel to the next, so that it
/// finds in its caches what it wrote there; then what others have not got to. So nobody waits for a thread that the machine has given to someone
/// else: what that one does not claim, others do. Between jobs a helper spins for some microseconds, since the next kernel is often not far, and then
/// sleeps.
///
/// A thread may lose its processor in the middle of a part too, for milliseconds. A caller that had to wait for that works alone for a while.
///
/// Into which pieces work is cut never depends on the number of threads, though their order may, and no part reads what another one writes, so results do
/// not depend on it either.
final class Workers {
    /// The work of one part; parts run at the same time.
    interface Part {
        void run(int part);
    }

    /// A job's parts `ends[r - 1]` … `ends[r] - 1` are the range of thread r.
    private static final class Job {
        /// Places from one counter to the next, for each to have a line of the cache, and the one that is fetched with it.
        private static final int APART = 32;

        final int parts;
        final Part part;
        final int[] ends;
        final AtomicIntegerArray claimed;
        final AtomicInteger done = new AtomicInteger();
        volatile @Nullable Throwable failure;

        /// The caller, once it sleeps until all parts are done.
        volatile @Nullable Thread waiting;

        Job(int parts, Part part, int threads) {
            this.parts = parts;
            this.part = part;
            int ranges = Math.min(parts, threads);
            ends = new int[ranges];
            claimed = new AtomicIntegerArray((ranges + 1) * APART);
            int first = 0;
            for (int range = 0; range < ranges; range++) {
                claimed.setPlain(counter(range), first);
                ends[range] = (int) ((long) parts * (range + 1) / ranges);
                first = ends[range];
            }
        }

        private static int counter(int range) {
            return (range + 1) * APART;
        }

        boolean hasUnclaimed() {
            for (int range = 0; range < ends.length; range++) {
                if (claimed.get(counter(range)) < ends[range]) {
                    return true;
                }
            }
            return false;
        }

        /// Runs what is there to claim, and returns how many parts that were.
        int work(int thread) {
            int ran = 0;
            for (int i = 0; i < ends.length; i++) {
                int range = (thread + i) % ends.length;
                ran += claim(counter(range), ends[range]);
            }
            if (ran > 0 && done.addAndGet(ran) == parts) {
                LockSupport.unpark(waiting);
            }
            return ran;
        }

        private int claim(int counter, int end) {
            int ran = 0;
            for (int i = claimed.getAndIncrement(counter); i < end; i = claimed.getAndIncrement(counter)) {
                try {
                    part.run(i);
                } catch (Throwable e) {
                    failure = e;
                }
                ran++;
            }
            return ran;
        }
    }

    private static final int SPINS = 2000;

    /// After so many moments a thread that waits offers its processor to others.
    private static final int SPINS_TO_YIELD = 50;

    /// Nanoseconds that a caller waits for helpers beyond what a part takes before it takes their processors for lost.
    private static final long PATIENCE = 1_000_000;

    /// Nanoseconds between looks at whether they are done.
    private static final long GLANCE = 250_000;

    /// How many times as long as it waited a caller then works alone.
    private static final int GRUDGE = 20;

    /// As many threads as there are processors, or as `-Dlazuli.cpu.threads` says, the caller counted.
    static final Workers SHARED = new Workers(
            Integer.getInteger("lazuli.cpu.threads", Runtime.getRuntime().availableProcessors()));

    private final Helper[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Job current;

    /// Until when, by the clock of [System#nanoTime], helpers are left alone. Guarded by `busy`.
    private long aloneUntil = System.nanoTime();

    Workers(int threads) {
        helpers = new Helper[Math.max(threads - 1, 0)];
    }

    int threads() {
        return helpers.length + 1;
    }

    /// Runs parts 0 … `parts - 1` and returns when all are done. While another job is running, on this thread or
    /// another, the caller works alone.
    void run(int parts, Part part) {
        if (parts <= 1 || helpers.length == 0 || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < parts; i++) {
                part.run(i);
            }
            return;
        }
        try {
            share(new Job(parts, part, threads()));
        } finally {
            current = null;
            busy.set(false);
        }
    }

    private void share(Job job) {
        long start = System.nanoTime();
        if (start - aloneUntil >= 0) {
            current = job;
            for (int i = 0; i < Math.min(helpers.length, job.parts - 1); i++) {
                wake(i);
            }
        }
        int ran = job.work(0);
        for (int spin = 1; spin < SPINS && job.done.get() < job.parts; spin++) {
            pause(spin);
        }
        if (job.done.get() < job.parts) {
            sleep(job, ran, start);
        }
        switch (job.failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /// Waits for helpers that have lost their processors, or have long parts, and leaves them ours.
    ///
    /// @param ran how many parts the caller had
    private void sleep(Job job, int ran, long start) {
        long now = System.nanoTime();
        long usual = (now - start) / Math.max(ran, 1);
        long waited = 0;
        job.waiting = Thread.currentThread();
        while (job.done.get() < job.parts) {
            LockSupport.parkNanos(this, GLANCE);
            long before = now;
            now = System.nanoTime();
            // Whoever oversleeps may have been stopped along with all others, by the garbage collector.
            if (now - before < 2 * GLANCE) {
                waited += now - before;
            }
        }
        if (waited > PATIENCE + 2 * usual) {
            aloneUntil = now + GRUDGE * waited;
        }
    }

    /// Lets a moment go by. Now and then the processor is offered to others: beside a busy process, the thread that is waited for may be waiting for it.
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it
    private static void pause(int spin) {
        if (spin % SPINS_TO_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private void wake(int i) {
        Helper helper = helpers[i];
        if (helper == null) {
            helper = new Helper(i + 1);
            helpers[i] = helper;
            helper.start();
        } else if (helper.sleeping) {
            LockSupport.unpark(helper);
        }
    }

    private final class Helper extends Thread {
        private final int range;
        volatile boolean sleeping;

        Helper(int range) {
            super("lazuli-cpu-" + range);
            this.range = range;
            setDaemon(true);
        }

        @Override
        public void run() {
            int idle = 0;
            while (true) {
                Job job = current;
                if (job != null && job.hasUnclaimed()) {
                    job.work(range);
                    idle = 0;
                } else if (++idle < SPINS) {
                    pause(idle);
                } else {
                    sleeping = true;
                    // A job may have come between the last look and the flag. One of which the last parts are running
                    // needs nobody any more.
                    Job now = current;
                    if (now == null || !now.hasUnclaimed()) {
                        LockSupport.park(Workers.this);
                    }
                    sleeping = false;
                    idle = 0;
                }
            }
        }
    }
}
