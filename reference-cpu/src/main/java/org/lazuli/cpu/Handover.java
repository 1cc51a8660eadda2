package org.lazuli.cpu;

/// When loops of vectors take over from plain loops that give the same bits.
///
/// Until the JIT compiler has got to a loop of vectors, each of its operations makes objects, and it is hundreds of times slower than afterwards. A
/// program that ends before pays for that and has nothing of it. So plain loops begin, and vectors take over in a program that goes on: they are compiled while
/// they work, as they would have been from the start. Since both give the same bits, no result depends on when.
final class Handover {
    /// Multiplications of plain loops, a tenth of a second or two of them: more than a first step of training a small network has of one kind.
    private static final long ENOUGH = 1L << 27;

    private long work;

    /// From the first call where that was asked for: tests are about vectors.
    private volatile boolean done = System.getProperty("lazuli.vector", "on").equals("now");

    /// Whether vectors are to be used.
    boolean isDone() {
        return done;
    }

    /// Counts what plain loops did. Threads that count at the same time may lose some, which does not matter.
    void count(long multiplications) {
        work += multiplications;
        if (work > ENOUGH) {
            done = true;
        }
    }
}
