package org.lazuli.graph;

import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Buffer;

/// A buffer and who looks at it. During an evaluation the slots of the plan are counted, and the buffer goes back to its backend with the last. Once a
/// node keeps a value in it, the garbage collector decides: the buffer goes back when no array can reach it.
///
/// All methods are called with the evaluator's lock held.
final class Storage {
    static final Kept KEPT = new Kept();

    private final OpenBackend backend;
    private final Buffer buffer;
    private final int elements;
    private int uses;
    private int keepers;
    private Kept.@Nullable Entry kept;

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
        if (kept == null) {
            kept = KEPT.add(this, backend, buffer.remains());
        }
    }

    /// A node that kept this no longer does.
    void unkeep() {
        keepers--;
        releaseIfUnused();
    }

    private void releaseIfUnused() {
        if (uses == 0 && keepers == 0) {
            if (kept != null) {
                KEPT.remove(kept);
            }
            backend.release(buffer);
        }
    }
}
