package org.lazuli.graph;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where an instruction runs: on which device, and in which of its queues. A node without one runs where the evaluation does.
///
/// A thread opens a placement for a stretch of code; what it makes there keeps it, and so does what a transformation makes of that.
///
/// @param device the name of the backend's provider
/// @param stream the number of the queue
public record Placement(String device, int stream) {
    private static final ThreadLocal<@Nullable Placement> CURRENT = new ThreadLocal<>();
    private static final ConcurrentHashMap<String, Integer> DEFAULT_STREAMS = new ConcurrentHashMap<>();

    /// The placement that is open on this thread, or null.
    public static @Nullable Placement current() {
        return CURRENT.get();
    }

    /// Opens a placement on this thread, or with null closes the one that is open.
    ///
    /// @return the one that was open
    public static @Nullable Placement swap(@Nullable Placement placement) {
        Placement before = CURRENT.get();
        if (placement == null && before != null) {
            CURRENT.remove();
        } else if (placement != null) {
            CURRENT.set(placement);
        }
        return before;
    }

    /// Opens the placement of a node, so that what is made of it runs there too; an unplaced node changes nothing.
    ///
    /// @return the one that was open, for [#swap]
    public static @Nullable Placement enter(Node node) {
        return enter(node.placement());
    }

    static @Nullable Placement enter(@Nullable Placement placement) {
        return placement == null ? CURRENT.get() : swap(placement);
    }

    /// The queue of a device that is used when none is named.
    public static int defaultStream(String device) {
        return DEFAULT_STREAMS.getOrDefault(device, 0);
    }

    /// Sets the queue that is used when none is named.
    public static void setDefaultStream(Placement placement) {
        DEFAULT_STREAMS.put(placement.device(), placement.stream());
    }
}
