package org.lazuli.graph;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    static final Region OWNED = new Region(null);

    private static final ThreadLocal<@Nullable Region> CURRENT = new ThreadLocal<>();

    /// True while code that runs in this region may still walk its graph.
    private volatile boolean tracing;

    /// What was returned, if it was more than one array or takes the place of others.
    private volatile List<WeakReference<Node>> returned = List.of();

    /// Temporaries whose values wait for the other arrays that were returned. Guarded by the evaluator's lock.
    private List<Node> retained = List.of();

    /// What the returned arrays take the place of, and are computed from. Guarded by the evaluator's lock once the region is closed.
    private List<Node> replaced = List.of();

    /// The values that were asked for inside, in a region that lets go of them when it closes.
    private @Nullable List<WeakReference<Node>> evaluated;

    /// The nodes that got their values while code in this region could still walk its graph.
    private List<Node> evaluatedWhileTracing = List.of();

    /// The scope that this was opened in, or null.
    private final @Nullable Region scope;

    /// In a scope, the regions within it that have retained values.
    private List<Region> retaining = List.of();

    private Region(@Nullable Region scope) {
        this.scope = scope;
    }

    /// The outermost region that is open on this thread, or null.
    static @Nullable Region current() {
        return CURRENT.get();
    }

    /// True if code that runs now, on this thread, is being traced by a transformation.
    public static boolean isTracing() {
        Region region = CURRENT.get();
        return region != null && region.tracing;
    }

    private synchronized void stopTracing() {
        tracing = false;
        evaluatedWhileTracing.forEach(Node::forgetInputs);
        evaluatedWhileTracing = List.of();
    }

    /// Remembers a node that has a value but whose operands code in this region may still walk to.
    ///
    /// @return false if no such code runs any more
    synchronized boolean addEvaluatedWhileTracing(Node node) {
        if (tracing) {
            evaluatedWhileTracing = with(evaluatedWhileTracing, node);
        }
        return tracing;
    }

    /// Runs `body` inside a region.
    ///
    /// @param results finds the arrays to keep in what the body returned
    public static <T> T run(Supplier<T> body, Function<? super T, ? extends Collection<Array>> results) {
        return run(body, results, List.of());
    }

    /// Runs `body`, which computes the next state from one, inside a region.
    ///
    /// @param results finds the arrays to keep in what the body returned
    /// @param before the state that it starts from. Those of its arrays that are [exclusive][Node#isExclusive] and not kept are let go once
    ///     everything that was returned has its value
    public static <T> T run(
            Supplier<T> body, Function<? super T, ? extends Collection<Array>> results, Collection<Array> before) {
        Region outer = CURRENT.get();
        if (outer != null && outer.tracing) {
            return body.get();
        }
        Region region = new Region(outer);
        region.tracing = true;
        CURRENT.set(region);
        T result;
        try {
            result = body.get();
        } finally {
            CURRENT.set(outer);
            region.stopTracing();
        }
        Collection<Array> arrays = results.apply(result);
        for (Array array : arrays) {
            Graph.node(array).handOver(outer);
        }
        // A scope lets go of everything by itself, and knows better when.
        boolean replaces = outer == null && !before.isEmpty();
        if (arrays.size() > 1 || replaces) {
            List<Node> kept = arrays.stream().map(Graph::node).toList();
            region.returned = kept.stream().map(WeakReference::new).toList();
            if (replaces) {
                region.replace(before, new HashSet<>(kept));
            }
        }
        return result;
    }

    private void replace(Collection<Array> before, Set<Node> kept) {
        for (Array array : before) {
            Node node = Graph.node(array);
            if (node.isExclusive() && node.isEvaluated() && !kept.contains(node)) {
                replaced = with(replaced, node);
                node.handOver(this);
            }
        }
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
        private final Region region = outer == null ? new Region(null) : outer;
        private final List<Node> kept = new ArrayList<>();

        private Scope() {
            region.evaluated = outer == null ? new ArrayList<>() : region.evaluated;
            CURRENT.set(region);
        }

        /// Keeps an array beyond the scope.
        public void keep(Array array) {
            if (outer == null) {
                Node node = Graph.node(array);
                node.handOver(null);
                kept.add(node);
            }
        }

        @Override
        public void close() {
            if (outer == null) {
                CURRENT.remove();
                Evaluator.exclusively(() -> {
                    region.keepWhatIsNeeded(kept);
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

    /// Keeps the values that nodes without one are to be computed from.
    private void keepWhatIsNeeded(List<Node> nodes) {
        Set<Node> seen = new HashSet<>(nodes);
        Deque<Node> stack = new ArrayDeque<>(nodes);
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (node.isEvaluated()) {
                if (node.region() == this) {
                    node.handOver(null);
                }
                continue;
            }
            for (Node input : node.inputs()) {
                if (seen.add(input)) {
                    stack.push(input);
                }
            }
        }
    }

    private void release() {
        retaining.forEach(Region::dropAllRetained);
        retaining = List.of();
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

    /// True if arrays that were returned together may be looked at one after another.
    boolean hasSeveralResults() {
        return returned.size() > 1;
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
        if (retained.isEmpty() && scope != null) {
            scope.retaining = with(scope.retaining, this);
        }
        retained = with(retained, node);
    }

    /// Lets go of retained and replaced values once everything that was returned has its own.
    void dropRetained() {
        if ((!retained.isEmpty() || !replaced.isEmpty()) && pendingResults().isEmpty()) {
            dropAllRetained();
            replaced.forEach(Node::release);
            replaced = List.of();
        }
    }

    private void dropAllRetained() {
        retained.forEach(Node::drop);
        retained = List.of();
    }

    /// A list with one more element. Most regions need none of their lists, and there is a region for every call of a compiled function.
    private static <T> List<T> with(List<T> list, T element) {
        List<T> longer = list.isEmpty() ? new ArrayList<>() : list;
        longer.add(element);
        return longer;
    }
}
