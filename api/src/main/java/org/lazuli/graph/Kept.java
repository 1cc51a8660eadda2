package org.lazuli.graph;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Buffer;

/// The buffers of storages that nodes keep. They go back to their backends once the garbage collector has found that no array can reach the storage.
///
/// There may be hundreds of thousands between two collections, so none is queued by itself: one object that nobody holds tells that the collector has run,
/// and then all are looked at. They lie side by side, which collectors get through faster than what is linked.
///
/// All methods are called with the evaluator's lock held.
final class Kept {
    private final ReferenceQueue<Object> collections = new ReferenceQueue<>();

    /// Queued by the next collection; only a reference that is held itself is queued.
    private Reference<Object> next = nextCollection();

    private @Nullable Entry[] entries = new Entry[64];
    private int size;

    /// A storage's buffer, and who takes it back.
    static final class Entry extends PhantomReference<Storage> {
        private final OpenBackend backend;
        private final Buffer buffer;
        private int index;

        private Entry(Storage storage, OpenBackend backend, Buffer buffer) {
            super(storage, null);
            this.backend = backend;
            this.buffer = buffer;
        }
    }

    private Reference<Object> nextCollection() {
        return new PhantomReference<>(new Object(), collections);
    }

    /// Gives the buffer back when the collector has found the storage unreachable, unless it is [removed][#remove] before.
    Entry add(Storage storage, OpenBackend backend, Buffer buffer) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        Entry entry = new Entry(storage, backend, buffer);
        put(size++, entry);
        return entry;
    }

    /// Forgets an entry: its buffer goes back some other way.
    void remove(Entry entry) {
        entry.clear();
        take(entry.index);
    }

    /// Gives back what was found unreachable, if there was a collection since the last time.
    void reclaim() {
        if (collections.poll() != null) {
            reclaimNow();
        }
    }

    /// Gives back what was found unreachable.
    void reclaimNow() {
        next.clear();
        next = nextCollection();
        int before = size;
        for (int i = size - 1; i >= 0; i--) {
            Entry entry = get(i);
            if (entry.refersTo(null)) {
                take(i);
                entry.backend.release(entry.buffer);
            }
        }
        if (size < before / 4) {
            entries = Arrays.copyOf(entries, Math.max(2 * size, 64));
        }
    }

    private Entry get(int index) {
        return Objects.requireNonNull(entries[index]);
    }

    private void put(int index, Entry entry) {
        entries[index] = entry;
        entry.index = index;
    }

    /// Closes the gap with the last entry.
    private void take(int index) {
        put(index, get(--size));
        entries[size] = null;
    }
}
