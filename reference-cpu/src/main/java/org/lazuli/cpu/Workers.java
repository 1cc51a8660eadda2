package org.lazuli.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The threads that large kernels share.
///
/// Work is cut into parts that threads claim one after another, the caller among them, so that nobody waits for a
/// thread that the machine has given to someone else: what it does not claim, others do. Between jobs a helper spins
/// for some microseconds, since the next kernel is often not far, and then sleeps.
///
/// How work is cut never depends on the number of threads, and no part reads what another one writes, so results do not
/// depend on it either.
final class Workers {
    /// The work of one part; parts run at the same time.
    interface Part {
        void run(int part);
    }

    private static final class Job {
        final int parts;
        final Part part;
        final AtomicInteger claimed = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        volatile @Nullable Throwable failure;

        /// The caller, once it sleeps until all parts are done.
        volatile @Nullable Thread waiting;

        Job(int parts, Part part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = claimed.getAndIncrement(); i < parts; i = claimed.getAndIncrement()) {
                try {
                    part.run(i);
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    if (done.incrementAndGet() == parts) {
                        LockSupport.unpark(waiting);
                    }
                }
            }
        }
    }

    private static final int SPINS = 2000;

    /// As many threads as there are processors, or as `-Dlazuli.cpu.threads` says, the caller counted.
    static final Workers SHARED = new Workers(
            Integer.getInteger("lazuli.cpu.threads", Runtime.getRuntime().availableProcessors()));

    private final Helper[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Job current;

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
        Job job = new Job(parts, part);
        try {
            current = job;
            for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) {
                wake(i);
            }
            job.work();
            for (int spin = 0; job.done.get() < parts; spin++) {
                if (spin < SPINS) {
                    Thread.onSpinWait();
                } else {
                    // A helper has lost its processor, or has a long part; leave it ours.
                    job.waiting = Thread.currentThread();
                    if (job.done.get() < parts) {
                        LockSupport.park(this);
                    }
                }
            }
        } finally {
            current = null;
            busy.set(false);
        }
        switch (job.failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void wake(int i) {
        Helper helper = helpers[i];
        if (helper == null) {
            helper = new Helper("lazuli-cpu-" + (i + 1));
            helpers[i] = helper;
            helper.start();
        } else if (helper.sleeping) {
            LockSupport.unpark(helper);
        }
    }

    private final class Helper extends Thread {
        volatile boolean sleeping;

        Helper(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            int idle = 0;
            while (true) {
                Job job = current;
                if (job != null && job.claimed.get() < job.parts) {
                    job.work();
                    idle = 0;
                } else if (++idle < SPINS) {
                    Thread.onSpinWait();
                } else {
                    sleeping = true;
                    // A job may have come between the last look and the flag.
                    if (current == null) {
                        LockSupport.park(Workers.this);
                    }
                    sleeping = false;
                    idle = 0;
                }
            }
        }
    }
}
