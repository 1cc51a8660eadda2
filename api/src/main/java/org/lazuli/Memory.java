package org.lazuli;

import java.util.Collection;
import java.util.function.Supplier;
import org.lazuli.graph.DeviceMemory;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.spi.MemoryStats;
import org.lazuli.tree.Structure;

/// The memory of the current backend: figures, limits, and ways to let go of it early.
///
/// Nothing has to be managed. What a transformation makes and does not return is let go at its last use; the memory of other arrays goes back when the
/// garbage collector finds that nobody reaches them. Before an allocation fails, cached buffers are dropped and a collection is asked for.
///
/// All figures are in bytes.
///
/// See also: MLX, *Memory Management*.
public final class Memory {
    private Memory() {}

    /// The bytes in buffers that arrays hold.
    public static long active() {
        return stats().active();
    }

    /// The most that was active since the start or the last [#resetPeak].
    public static long peak() {
        return stats().peak();
    }

    /// The bytes in buffers that are kept for reuse.
    public static long cached() {
        return stats().cached();
    }

    /// All figures at one moment.
    public static MemoryStats stats() {
        return DeviceMemory.stats();
    }

    /// Begins a new [#peak] at what is active now.
    public static void resetPeak() {
        DeviceMemory.resetPeak();
    }

    /// Sets how much may be active before an evaluation fails.
    ///
    /// @return the previous limit
    public static long setLimit(long bytes) {
        return DeviceMemory.setLimit(checked(bytes));
    }

    /// Sets how much may be kept for reuse.
    ///
    /// @return the previous limit
    public static long setCacheLimit(long bytes) {
        return DeviceMemory.setCacheLimit(checked(bytes));
    }

    private static long checked(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory: a limit must not be negative: " + bytes);
        }
        return bytes;
    }

    /// Lets go of every cached buffer.
    public static void clearCache() {
        DeviceMemory.clearCache();
    }

    /// Runs code whose temporaries nobody will ask for: what it makes and does not return is let go at its last use, as in a transformation.
    ///
    /// @param <T> an array, or a structure of arrays: lists, maps, records, trees
    public static <T> T owning(Supplier<T> body) {
        return Region.run(body, Structure::flatten);
    }

    /// Like [#owning], for a body that computes the next state of a [Stateful][org.lazuli.tree.Stateful] from the one before.
    ///
    /// @param before the arrays of the state before. Those that nobody else holds, as [#setExclusive] said of them, and that the body does not return
    ///     are let go once everything that it returned is computed; the others stay for the garbage collector
    public static <T> T replacing(Collection<Array> before, Supplier<T> body) {
        return Region.run(body, Structure::flatten, before);
    }

    /// Says whether nobody can reach an array but the state that holds it. A state that gives it out says no first.
    public static void setExclusive(Array array, boolean exclusive) {
        Graph.node(array).setExclusive(exclusive);
    }

    /// Lets go, when closed, of the values of all arrays made since, except those given to [Scope#keep]. For tight loops without a
    /// transformation; never required.
    ///
    /// ```java
    /// try (var scope = Memory.scope()) {
    ///     var next = scope.keep(x.add(1));
    /// }
    /// ```
    public static Scope scope() {
        return new Scope();
    }

    /// See [Memory#scope].
    public static final class Scope implements AutoCloseable {
        private final Region.Scope region = Region.open();

        private Scope() {}

        /// Keeps the arrays in a structure beyond the scope.
        ///
        /// @return the structure
        public <T> T keep(T structure) {
            Structure.lent(structure).forEach(region::keep);
            return structure;
        }

        @Override
        public void close() {
            region.close();
        }
    }
}
