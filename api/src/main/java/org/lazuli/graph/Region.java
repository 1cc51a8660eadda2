package org.lazuli.graph;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// A stretch of code whose temporaries nobody will ask for: nodes made inside belong to it, and their values are let go at their
/// last use in an evaluation. What the outermost region returns is promoted to ordinary arrays.
///
/// Regions belong to a thread. Transformations trace inside one; library code that makes temporaries runs inside one.
public final class Region {
    /// Owns nodes that were made outside of any region but that only the library sees.
    static final Region OWNED = new Region();

    private static final ThreadLocal<@Nullable Region> CURRENT = new ThreadLocal<>();

    private volatile boolean tracing;

    /// What was returned, if it was more than one array.
    private volatile List<WeakReference<Node>> returned = List.of();

    /// Temporaries whose values wait for the other arrays that were returned. Guarded by the evaluator's lock.
    private final List<Node> retained = new ArrayList<>();

    /// The values that were asked for inside, in a region that lets go of them when it closes.
    private @Nullable List<WeakReference<Node>> evaluated;

    private Region() {}

    /// The outermost region that is open on this thread, or null.
    static @Nullable Region current() {
        return CURRENT.get();
    }

    /// True if nodes made now, on this thread, are temporary.
    public static boolean isOpen() {
        return CURRENT.get() != null;
    }

    /// True while code that runs in this region may still walk its graph.
    boolean isTracing() {
        return tracing;
    }

    /// Runs `body` inside a region.
    ///
    /// @param results finds the arrays to keep in what the body returned
    public static <T> T run(Supplier<T> body, Function<? super T, ? extends Collection<Array>> results) {
        Region outer = CURRENT.get();
        if (outer != null && outer.tracing) {
            return body.get();
        }
        Region region = new Region();
        region.tracing = true;
        CURRENT.set(region);
        T result;
        try {
            result = body.get();
        } finally {
            CURRENT.set(outer);
            region.tracing = false;
        }
        List<Node> nodes = results.apply(result).stream().map(Graph::node).toList();
        nodes.forEach(node -> node.handOver(outer));
        if (nodes.size() > 1) {
            region.returned = nodes.stream().map(WeakReference::new).toList();
        }
        return result;
    }

    /// Runs an operation that is composed of others: what it makes on the way nobody else sees.
    public static Array own(Supplier<Array> body) {
        return run(body, List::of);
    }

    /// Opens a region that stays open until its scope is closed, for arrays whose values are let go then even if they were asked for.
    public static Scope open() {
        return new Scope();
    }

    /// A region that is opened and closed by hand, innermost first.
    public static final class Scope implements AutoCloseable {
        private final @Nullable Region outer = CURRENT.get();
        private final Region region = outer == null ? new Region() : outer;

        private Scope() {
            region.evaluated = outer == null ? new ArrayList<>() : region.evaluated;
            CURRENT.set(region);
        }

        /// Keeps an array beyond the scope.
        public void keep(Array array) {
            if (outer == null) {
                Graph.node(array).handOver(null);
            }
        }

        @Override
        public void close() {
            if (outer == null) {
                CURRENT.remove();
                Evaluator.exclusively(() -> {
                    region.release();
                    return region;
                });
            }
        }
    }

    /// Remembers a value that was asked for while the region is open.
    void addEvaluated(Node node) {
        List<WeakReference<Node>> list = evaluated;
        if (list != null) {
            list.add(new WeakReference<>(node));
        }
    }

    private void release() {
        List<WeakReference<Node>> list = evaluated;
        if (list != null) {
            for (WeakReference<Node> reference : list) {
                Node node = reference.get();
                if (node != null && node.isTemporary()) {
                    node.release();
                }
            }
            list.clear();
        }
    }

    /// The returned arrays that someone may still ask for and that have no value yet.
    List<Node> pendingResults() {
        if (returned.isEmpty()) {
            return List.of();
        }
        List<Node> pending = new ArrayList<>();
        for (WeakReference<Node> reference : returned) {
            Node node = reference.get();
            if (node != null && !node.isEvaluated()) {
                pending.add(node);
            }
        }
        return pending;
    }

    /// Remembers a temporary whose value was kept for [#pendingResults].
    void addRetained(Node node) {
        retained.add(node);
    }

    /// Lets go of retained values once everything that was returned has its own.
    void dropRetained() {
        if (!retained.isEmpty() && pendingResults().isEmpty()) {
            retained.forEach(Node::drop);
            retained.clear();
        }
    }
}
