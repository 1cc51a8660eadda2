package org.lazuli.spi;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Keeps released memory for reuse, by size class, and does a backend's accounting.
///
/// A backend says how memory of a *kind* (an element type of heap arrays, a storage mode of a device; one kind will do
/// where there is no difference) is obtained and given back. The pool rounds sizes up to one of eight steps between
/// powers of two, so that at most an eighth is wasted and shapes that differ a little share memory. What is released
/// goes to the cache; the oldest of it is given back when the cache is over its limit, and all of it when memory is
/// short.
///
/// {@snippet :
/// var pool = new BufferPool<String, ByteBuffer>("example", 1 << 30, 1 << 28, new BufferPool.Memory<>() {
///     public ByteBuffer obtain(String kind, long bytes) {
///         return ByteBuffer.allocateDirect((int) bytes);
///     }
///
///     public void giveBack(ByteBuffer storage) {}
/// });
/// BufferPool.Allocation<ByteBuffer> buffer = pool.allocate("direct", 1000);   // 1024 bytes
/// pool.release(buffer);
/// }
///
/// All methods may be called from any thread.
///
/// @param <K> the kinds of memory, with value equality
/// @param <S> the memory itself
public final class BufferPool<K, S> {
    /// Where the pool's memory comes from.
    public interface Memory<K, S> {
        /// New memory with arbitrary content.
        ///
        /// @throws OutOfDeviceMemoryException if there is none: the pool lets its cache go and asks once more
        S obtain(K kind, long bytes);

        /// Memory that the pool lets go. It is not handed out again.
        void giveBack(S storage);

        /// True if so much memory is left to the garbage collector, and not kept for reuse, where only the collector can tell that it is free. That is
        /// right for little memory on the Java heap: the collector would copy what the pool holds on to, and takes everything else for nothing.
        default boolean isLeftToCollector(long bytes) {
            return false;
        }
    }

    /// A buffer from a pool.
    public static final class Allocation<S> implements Buffer {
        private final Shelf<S> shelf;
        private final S storage;
        private final Buffer remains;
        private boolean released;

        private Allocation(Shelf<S> shelf, S storage, boolean leftToCollector) {
            this.shelf = shelf;
            this.storage = storage;
            this.remains = leftToCollector ? shelf.count : this;
        }

        /// The memory, at least as large as was asked for.
        public S storage() {
            return storage;
        }

        @Override
        public long bytes() {
            return shelf.bytes;
        }

        @Override
        public Buffer remains() {
            return remains;
        }

        @Override
        public String toString() {
            return "buffer of " + text(shelf.bytes) + (released ? ", released" : "");
        }
    }

    /// Stands for a buffer of this size whose memory the garbage collector has taken.
    private record Count(long bytes) implements Buffer {}

    /// The cached memory of one kind and size, the longest unused first.
    private static final class Shelf<S> {
        final long bytes;
        final Count count;
        final ArrayDeque<Cached<S>> cached = new ArrayDeque<>();

        Shelf(long bytes) {
            this.bytes = bytes;
            this.count = new Count(bytes);
        }
    }

    private record Cached<S>(S storage, long time) {}

    private record Size<K>(K kind, long bytes) {}

    private static final long SMALLEST = 128;

    private final String owner;
    private final Memory<K, S> memory;
    private final Map<Size<K>, Shelf<S>> shelves = new HashMap<>();
    private long memoryLimit;
    private long cacheLimit;
    private long active;
    private long peak;
    private long cached;
    private long buffers;
    private long clock;

    /// @param owner the backend's name, for messages
    public BufferPool(String owner, long memoryLimit, long cacheLimit, Memory<K, S> memory) {
        this.owner = Objects.requireNonNull(owner);
        this.memory = Objects.requireNonNull(memory);
        limits(memoryLimit, cacheLimit);
    }

    /// A buffer of at least this many bytes, from the cache if there is one of its size.
    ///
    /// @throws OutOfDeviceMemoryException if the memory limit would be exceeded, or there is none without the cache
    public synchronized Allocation<S> allocate(K kind, long bytes) {
        long size = sizeClass(bytes);
        Shelf<S> shelf = shelves.computeIfAbsent(new Size<>(kind, size), key -> new Shelf<>(size));
        if (size > memoryLimit - active) {
            throw outOfMemory(bytes, "of the memory limit of " + text(memoryLimit) + ", ");
        }
        Cached<S> reused = shelf.cached.pollLast();
        S storage;
        if (reused != null) {
            cached -= size;
            storage = reused.storage;
        } else {
            trim(memoryLimit - active - size);
            storage = obtain(kind, bytes, size);
        }
        active += size;
        peak = Math.max(peak, active);
        buffers++;
        return new Allocation<>(shelf, storage, memory.isLeftToCollector(size));
    }

    private S obtain(K kind, long asked, long size) {
        try {
            return memory.obtain(kind, size);
        } catch (OutOfDeviceMemoryException first) {
            trim(0);
            try {
                return memory.obtain(kind, size);
            } catch (OutOfDeviceMemoryException second) {
                OutOfDeviceMemoryException failure = outOfMemory(asked, "");
                failure.initCause(second);
                throw failure;
            }
        }
    }

    private OutOfDeviceMemoryException outOfMemory(long bytes, String limit) {
        return new OutOfDeviceMemoryException(owner + ": no memory for a buffer of " + text(bytes) + ": " + limit
                + text(active) + " are in use by " + buffers
                + " buffers; let go of arrays, work in smaller batches, or raise the memory limit");
    }

    /// Takes a buffer back, or what remains of it.
    ///
    /// @throws IllegalStateException if it was released before
    /// @throws IllegalArgumentException if it is not from a pool
    public synchronized void release(Buffer buffer) {
        switch (buffer) {
            case Allocation<?> allocation -> {
                if (allocation.released) {
                    throw new IllegalStateException(owner + ": a " + buffer + " before, is released again");
                }
                allocation.released = true;
                cache(allocation);
            }
            case Count _ -> {}
            default -> throw new IllegalArgumentException(owner + ": " + buffer + " is not a buffer of this backend");
        }
        active -= buffer.bytes();
        buffers--;
    }

    @SuppressWarnings("unchecked") // a buffer of another backend is the runtime's mistake
    private void cache(Allocation<?> buffer) {
        Allocation<S> own = (Allocation<S>) buffer;
        cached += own.shelf.bytes;
        own.shelf.cached.addLast(new Cached<>(own.storage, clock++));
        trim(cacheLimit);
    }

    /// Gives back cached memory, the longest unused first, until at most `limit` bytes are left.
    private void trim(long limit) {
        while (cached > Math.max(limit, 0)) {
            Shelf<S> oldest = null;
            for (Shelf<S> shelf : shelves.values()) {
                if (!shelf.cached.isEmpty()
                        && (oldest == null || shelf.cached.getFirst().time < oldest.cached.getFirst().time)) {
                    oldest = shelf;
                }
            }
            cached -= Objects.requireNonNull(oldest).bytes;
            memory.giveBack(oldest.cached.removeFirst().storage);
        }
    }

    /// The figures now.
    public synchronized MemoryStats stats() {
        return new MemoryStats(active, peak, cached, buffers, memoryLimit, cacheLimit);
    }

    /// Sets the limits in bytes.
    ///
    /// @throws IllegalArgumentException if one is negative
    public synchronized void limits(long memoryLimit, long cacheLimit) {
        if (memoryLimit < 0 || cacheLimit < 0) {
            throw new IllegalArgumentException(owner + ": memory limits must not be negative, but are " + memoryLimit
                    + " (memory) and " + cacheLimit + " (cache)");
        }
        this.memoryLimit = memoryLimit;
        this.cacheLimit = cacheLimit;
        trim(cacheLimit);
    }

    /// Begins a new peak at the bytes now active.
    public synchronized void resetPeak() {
        peak = active;
    }

    /// Gives back all that is cached.
    public synchronized void clear() {
        trim(0);
    }

    /// The size that a request is rounded up to.
    static long sizeClass(long bytes) {
        if (bytes <= SMALLEST) {
            return bytes == 0 ? 0 : SMALLEST;
        }
        long step = Math.max(Long.highestOneBit(bytes - 1) >> 3, Long.BYTES);
        return (bytes + step - 1) / step * step;
    }

    private static String text(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(java.util.Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
