package org.lazuli.cpu;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Where loops are run on data of their own until the JIT compiler has made them fast: one after another, in a thread that ends when there is nothing left.
final class Background {
    private static final Executor THREAD =
            new ThreadPoolExecutor(0, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                Thread thread = new Thread(work, "lazuli-cpu-loops");
                thread.setDaemon(true);
                return thread;
            });

    private Background() {}

    static void run(Runnable work) {
        THREAD.execute(work);
    }
}
