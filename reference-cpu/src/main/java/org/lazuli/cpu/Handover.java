package org.lazuli.cpu;

/// When loops of vectors take over from plain loops that give the same bits.
///
/// Until the JIT compiler has got to a loop of vectors, each of its operations makes objects, and it is hundreds of times slower than afterwards. A
/// program that ends before pays for that and has nothing of it. So plain loops begin. Once they have done as much as it costs to get the vectors
/// compiled, a thread calls these on data of its own until they are fast, and from then on they are used. Since both give the same bits, no result depends on when.
final class Handover {
    /// Multiplications of plain loops that take about as long as it does to get loops of vectors compiled.
    private static final long ENOUGH = 1L << 29;

    /// How long to try: a JVM that does not compile vectors to instructions is better off with plain loops.
    private static final long PATIENCE = 20_000_000_000L;

    /// A few calls of the loops of vectors.
    interface Practice {
        /// @param round the number of the call, for what should be called in several ways
        void run(int round);
    }

    private static final int CALLS = 64;

    private final Practice practice;
    private final long fast;
    private long work;
    private volatile boolean begun;
    private volatile boolean done;

    /// @param fast the nanoseconds that a call of `practice` takes at most once it is compiled, with much to spare
    Handover(Practice practice, long fast) {
        this.practice = practice;
        this.fast = fast;
        // Tests and benchmarks are about vectors from the first call on.
        done = System.getProperty("lazuli.vector", "on").equals("now");
    }

    /// Whether vectors are to be used.
    boolean isDone() {
        return done;
    }

    /// Counts what plain loops did. Threads that count at the same time may lose some, which does not matter.
    ///
    /// @return true if that was enough: practising has begun
    boolean count(long multiplications) {
        work += multiplications;
        if (work > ENOUGH && !begun) {
            begin();
        }
        return begun;
    }

    /// Begins to practise, unless that has begun.
    synchronized void begin() {
        if (!begun) {
            begun = true;
            Background.run(this::practise);
        }
    }

    private void practise() {
        long end = System.nanoTime() + PATIENCE;
        long now = System.nanoTime();
        while (now < end) {
            long start = now;
            for (int round = 0; round < CALLS; round++) {
                practice.run(round);
            }
            now = System.nanoTime();
            if (now - start < fast * CALLS) {
                done = true;
                return;
            }
        }
    }
}
