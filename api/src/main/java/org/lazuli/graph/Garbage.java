package org.lazuli.graph;

import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;

/// Decides when to ask for a garbage collection, so that large arrays which the program has dropped are used again soon.
///
/// The collector sees small objects where there are large buffers: on a device none of their memory, and on the Java heap it lets garbage grow to the
/// heap's size. Until it has run, every new array takes fresh memory, whose first touch may cost more than computing what goes there. So a
/// collection is asked for when what is held has doubled since the last one, and has grown by a share of the memory limit: a larger one where collections
/// would take much of the time otherwise. A program that allocates many small objects besides never gets there, because the collector runs often enough by
/// itself.
@SuppressWarnings("ReferenceEquality") // a buffer remains itself or does not
final class Garbage {
    /// The growth that is worth a collection, which takes milliseconds: an eighth of the memory limit within these bounds, at first.
    private static final long LEAST = 1L << 26;

    private static final long MOST = 1L << 29;

    /// Where collections take more than a twentieth of the time, they come half as often from then on; up to a quarter of the memory limit then is
    /// garbage.
    private static final int SHARE = 20;

    private static final int MOST_PATIENCE = 16;

    private final Backend backend;
    private long held;

    /// The least that was held since the last collection was asked for.
    private long least;

    /// How many times the growth at first is waited for.
    private int patience = 1;

    /// When the last collection was done, by the clock of [System#nanoTime].
    private long done = System.nanoTime();

    Garbage(Backend backend) {
        this.backend = backend;
    }

    /// Counts a new buffer, and asks for a collection if it is time.
    void allocated(Buffer buffer) {
        if (buffer.remains() != buffer) {
            return;
        }
        held += buffer.bytes();
        long grown = held - least;
        if (grown > least && grown > worthwhile()) {
            collect();
        }
    }

    private long worthwhile() {
        long limit = backend.memory().memoryLimit();
        long first = Math.clamp(limit / 8, LEAST, MOST);
        return Math.max(Math.min(patience * first, limit / 4), first);
    }

    private void collect() {
        long start = System.nanoTime();
        System.gc();
        Storage.KEPT.reclaimNow();
        long end = System.nanoTime();
        if ((end - start) * SHARE > end - done) {
            patience = Math.min(2 * patience, MOST_PATIENCE);
        }
        done = end;
        least = held;
    }

    /// Counts a buffer that is given back.
    void released(Buffer buffer) {
        if (buffer.remains() == buffer) {
            held -= buffer.bytes();
            least = Math.min(least, held);
        }
    }
}
