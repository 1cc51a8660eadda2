package org.lazuli.graph;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Buffer;

/// A buffer and who looks at it. During an evaluation the slots of the plan are counted, and the buffer goes back to its backend with the last. Once a
/// node keeps a value in it, the garbage collector decides: the buffer goes back when no array can reach it.
///
/// All methods are called with the evaluator's lock held.
final class Storage {
    private static final ReferenceQueue<@Nullable Storage> UNREACHABLE = new ReferenceQueue<>();

    /// The kept storages' references, which must be reachable to be enqueued: a ring around this sentinel.
    private static final Reclaim KEPT = new Reclaim();

    private final OpenBackend backend;
    private final Buffer buffer;
    private final int elements;
    private int uses;
    private int keepers;
    private @Nullable Reclaim reclaim;

    Storage(OpenBackend backend, Buffer buffer, int elements) {
        this.backend = backend;
        this.buffer = buffer;
        this.elements = elements;
    }

    OpenBackend backend() {
        return backend;
    }

    Buffer buffer() {
        return buffer;
    }

    /// The number of elements the buffer was allocated for.
    int elements() {
        return elements;
    }

    /// One more slot looks at this.
    void use() {
        uses++;
    }

    /// A slot no longer looks at this.
    void letGo() {
        uses--;
        releaseIfUnused();
    }

    /// True if one slot looks at this and no node keeps it: its memory may be overwritten.
    boolean isDonatable() {
        return uses == 1 && keepers == 0;
    }

    /// A node keeps this: from now on the garbage collector decides.
    void keep() {
        keepers++;
        if (reclaim == null) {
            reclaim = new Reclaim(this);
            reclaim.linkAfter(KEPT);
        }
    }

    /// A node that kept this no longer does.
    void unkeep() {
        keepers--;
        releaseIfUnused();
    }

    private void releaseIfUnused() {
        if (uses == 0 && keepers == 0) {
            if (reclaim != null) {
                reclaim.clear();
                reclaim.unlink();
            }
            backend.release(buffer);
        }
    }

    /// Gives back the buffers of all storages that were found unreachable.
    static void reclaimUnreachable() {
        for (Object found = UNREACHABLE.poll(); found != null; found = UNREACHABLE.poll()) {
            Reclaim reclaim = (Reclaim) found;
            reclaim.unlink();
            reclaim.release();
        }
    }

    private static final class Reclaim extends PhantomReference<@Nullable Storage> {
        private final @Nullable OpenBackend backend;
        private final @Nullable Buffer buffer;
        private Reclaim previous = this;
        private Reclaim next = this;

        /// The sentinel.
        Reclaim() {
            super(null, UNREACHABLE);
            this.backend = null;
            this.buffer = null;
        }

        Reclaim(Storage storage) {
            super(storage, UNREACHABLE);
            this.backend = storage.backend;
            this.buffer = storage.buffer.remains();
        }

        void linkAfter(Reclaim other) {
            previous = other;
            next = other.next;
            next.previous = this;
            other.next = this;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }

        void release() {
            if (backend != null && buffer != null) {
                backend.release(buffer);
            }
        }
    }
}
