package org.lazuli.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.spi.HostArrays;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Computes the values of arrays: finds what they depend on, plans it, or finds the plan of an earlier graph of the same structure, and runs
/// it. The only caller of a backend.
///
/// One evaluation runs at a time; threads may share arrays freely.
public final class Evaluator {
    private static final ReentrantLock LOCK = new ReentrantLock();

    /// Larger graphs are planned anew each time: they hardly repeat, and would keep their structure alive.
    private static final int MAX_CACHED_INSTRUCTIONS = 20_000;

    private static final int MAX_CACHED_PLANS = 256;

    private static final Map<Structure, Plan> PLANS = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Structure, Plan> eldest) {
            return size() > MAX_CACHED_PLANS;
        }
    };

    /// What [#evaluateLater] runs on, made when it is first asked for.
    private static final class Background {
        static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("lazuli-async-eval").factory());
    }

    private static long marks;

    private Evaluator() {}

    /// Computes these arrays' values now.
    ///
    /// @throws IllegalStateException if one is an argument of a function that is being traced, or its backend is closed
    public static void evaluate(Collection<Array> arrays) {
        boolean pending = false;
        for (Array array : arrays) {
            pending |= !Graph.node(array).isEvaluated();
        }
        if (!pending) {
            return;
        }
        LOCK.lock();
        try {
            evaluateLocked(nodes(arrays));
        } finally {
            LOCK.unlock();
        }
    }

    private static List<Node> nodes(Collection<Array> arrays) {
        List<Node> nodes = new ArrayList<>(arrays.size());
        for (Array array : arrays) {
            nodes.add(Graph.node(array));
        }
        return nodes;
    }

    /// Computes these arrays' values on another thread. Whoever reads one before waits for it; an error comes again to whoever reads.
    public static void evaluateLater(Collection<Array> arrays) {
        List<Array> list = List.copyOf(arrays);
        Background.EXECUTOR.execute(() -> {
            LOCK.lock();
            try {
                evaluateLocked(nodes(list));
            } catch (RuntimeException e) {
                // The arrays stay unevaluated: reading one computes it again and throws there, where someone can handle
                // it.
                System.getLogger("org.lazuli").log(System.Logger.Level.DEBUG, "asyncEval failed", e);
            } finally {
                LOCK.unlock();
            }
        });
    }

    /// Waits for what [#evaluateLater] was asked to do before.
    public static void awaitBackground() {
        try {
            Background.EXECUTOR.submit(() -> {}).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("synchronize: interrupted while waiting for asyncEval", e);
        } catch (ExecutionException e) {
            throw new AssertionError("an empty task failed", e);
        }
    }

    /// True if this array's value cannot, or should not, be computed now because a transformation traces.
    public static boolean isTracing(Array array) {
        Node node = Graph.node(array);
        return node.placeholderOf() != null || (Region.isTracing() && node.isTemporary());
    }

    /// The transformation whose argument an array depends on, so that it has no value yet; null if it can be computed.
    public static @Nullable String tracerOf(Array array) {
        Set<Node> seen = new HashSet<>();
        Deque<Node> stack = new ArrayDeque<>(List.of(Graph.node(array)));
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (node.isEvaluated() || !seen.add(node)) {
                continue;
            }
            if (node.placeholderOf() != null) {
                return node.placeholderOf();
            }
            stack.addAll(List.of(node.inputs()));
        }
        return null;
    }

    /// Copies an array's elements to host memory, in row-major order.
    public static void read(Array array, MemorySegment target) {
        Node node = Graph.node(array);
        LOCK.lock();
        try {
            Stored stored = computed(node);
            stored.storage().backend().backend().download(stored.tensor(), target);
        } finally {
            LOCK.unlock();
        }
    }

    /// An array's elements in row-major order, as [HostArrays] has them.
    public static Object read(Array array) {
        Object target = HostArrays.allocate(array.dtype(), array.size());
        Node node = Graph.node(array);
        LOCK.lock();
        try {
            Stored stored = computed(node);
            stored.storage().backend().backend().downloadArray(stored.tensor(), target);
        } finally {
            LOCK.unlock();
        }
        return target;
    }

    private static Stored computed(Node node) {
        evaluateLocked(List.of(node));
        Stored stored = value(node);
        stored.storage().backend().checkOpen();
        return stored;
    }

    /// An array with these elements, uploaded now to the current backend.
    ///
    /// @param source a segment, or an array as [HostArrays] has it
    public static Array upload(Object source, TensorSpec spec) {
        LOCK.lock();
        try {
            return Node.leaf(stored(source, spec, ActiveBackend.here())).array();
        } finally {
            LOCK.unlock();
        }
    }

    /// An array whose elements are read and uploaded when they are first needed.
    public static Array uploadLater(TensorSpec spec, Node.Source source) {
        return Node.deferred(spec, source).array();
    }

    private static Stored stored(Object source, TensorSpec spec, OpenBackend backend) {
        int size = spec.shape().size();
        var buffer = backend.allocate(spec);
        try {
            if (source instanceof MemorySegment segment) {
                backend.backend().upload(segment, spec.dtype(), size, buffer);
            } else {
                backend.backend().uploadArray(source, spec.dtype(), size, buffer);
            }
        } catch (RuntimeException | Error e) {
            backend.release(buffer);
            throw e;
        }
        Storage storage = new Storage(backend, buffer, size);
        storage.keep();
        return new Stored(storage, Tensor.contiguous(buffer, spec));
    }

    /// Reads the values of leaves that have none yet.
    private static void load(List<Node> leaves, OpenBackend backend) {
        for (Node leaf : leaves) {
            Node.Source source = leaf.source();
            if (source != null) {
                try (Arena arena = Arena.ofConfined()) {
                    leaf.keep(stored(source.read(arena), leaf.spec(), backend));
                }
            }
        }
    }

    /// Runs `action` while no evaluation runs: for questions and orders to a backend from outside.
    public static <T> T exclusively(Supplier<T> action) {
        LOCK.lock();
        try {
            Storage.KEPT.reclaim();
            return action.get();
        } finally {
            LOCK.unlock();
        }
    }

    private static Stored value(Node node) {
        Stored value = node.value();
        if (value == null) {
            throw new AssertionError("not evaluated");
        }
        return value;
    }

    private static void evaluateLocked(List<Node> roots) {
        if (areEvaluated(roots)) {
            return;
        }
        OpenBackend backend = ActiveBackend.current();
        Lowering lowering = new Lowering(backend);
        List<Node> unread = new ArrayList<>();
        List<Node> pending = pending(roots, lowering, unread);
        load(unread, backend);
        Set<Node> retained = neededLater(pending, lowering);
        Set<Node> wanted = wanted(roots, retained);
        List<Node> leaves = new ArrayList<>();
        List<Node> results = new ArrayList<>();
        Structure structure = structure(pending, lowering, wanted, leaves, results);
        Plan plan = PLANS.get(structure);
        if (plan == null) {
            plan = Planner.plan(structure);
            if (structure.instructions.size() <= MAX_CACHED_INSTRUCTIONS) {
                PLANS.put(structure, plan);
            }
        }
        List<Stored> stored = new ArrayList<>(leaves.size());
        for (Node leaf : leaves) {
            stored.add(value(leaf));
        }
        @Nullable
        Stored[] values = Executor.run(
                plan,
                stored,
                backend,
                i -> wanted.contains(results.get(i)) || results.get(i).isHeld());
        for (int i = 0; i < values.length; i++) {
            keep(results.get(i), values[i], retained);
        }
        for (Node leaf : leaves) {
            Region region = leaf.region();
            if (region != null) {
                region.dropRetained();
            }
        }
    }

    /// Forgets the plans for a backend that is closed. Called with the lock held.
    static void forget(OpenBackend backend) {
        PLANS.keySet().removeIf(structure -> structure.backend.equals(backend));
    }

    private static boolean areEvaluated(List<Node> nodes) {
        for (Node node : nodes) {
            if (!node.isEvaluated()) {
                return false;
            }
        }
        return true;
    }

    private static Set<Node> wanted(List<Node> roots, Set<Node> retained) {
        if (roots.size() == 1 && retained.isEmpty()) {
            return Set.of(roots.getFirst());
        }
        Set<Node> wanted = new HashSet<>(roots);
        wanted.addAll(retained);
        return wanted;
    }

    private static void keep(Node node, @Nullable Stored value, Set<Node> retained) {
        Region region = node.region();
        if (value == null) {
            node.passOver();
            return;
        }
        if (region != null && retained.contains(node)) {
            node.retain(value);
            region.addRetained(node);
        } else {
            node.keep(value);
        }
    }

    /// The temporaries among `pending` that arrays returned by the same transformation need too. Someone who looks at the loss first and at the
    /// gradients next should not pay for the forward pass twice.
    private static Set<Node> neededLater(List<Node> pending, Lowering lowering) {
        Set<Region> regions = Set.of();
        Region last = Region.OWNED;
        for (Node node : pending) {
            Region region = node.region();
            if (region != null && region != last && region != Region.OWNED && region.hasSeveralResults()) {
                regions = regions.isEmpty() ? new HashSet<>(2) : regions;
                regions.add(region);
                last = region;
            }
        }
        if (regions.isEmpty()) {
            return Set.of();
        }
        Set<Node> needed = new HashSet<>();
        long inPlan = marks - 1;
        for (Region region : regions) {
            Set<Node> seen = new HashSet<>();
            Deque<Node> stack = new ArrayDeque<>();
            for (Node result : region.pendingResults()) {
                stack.push(result);
            }
            while (!stack.isEmpty()) {
                Node node = stack.pop();
                if (node.isEvaluated() || !seen.add(node)) {
                    continue;
                }
                if (node.mark == inPlan) {
                    if (node.region() == region) {
                        needed.add(node);
                    }
                } else {
                    for (Node operand : lowering.operands(node)) {
                        stack.push(operand);
                    }
                }
            }
        }
        return needed;
    }

    /// The nodes that have to be computed for `roots`, in topological order. Leaves whose values are to be read first go to `unread`.
    private static List<Node> pending(List<Node> roots, Lowering lowering, List<Node> unread) {
        long mark = marks++;
        List<Node> found = new ArrayList<>();
        Deque<Node> stack = new ArrayDeque<>();
        for (Node root : roots) {
            visit(root, mark, stack, unread);
        }
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            found.add(node);
            for (Node input : lowering.operands(node)) {
                visit(input, mark, stack, unread);
            }
            if (lowering.computesSeveral(node)) {
                // What gives several results is not computed again for each of them.
                for (Node element : node.pendingElements()) {
                    visit(element, mark, stack, unread);
                }
            }
        }
        found.sort(Node.BY_AGE);
        return found;
    }

    private static void visit(Node node, long mark, Deque<Node> stack, List<Node> unread) {
        if (node.mark == mark || node.isEvaluated()) {
            return;
        }
        node.mark = mark;
        if (node.isReleased()) {
            throw new IllegalStateException("eval: an array of " + node.spec()
                    + " was let go when its memory scope closed, or when a state that held it alone had another; keep it with"
                    + " scope.keep(array), or take it from state()");
        }
        if (node.source() != null) {
            unread.add(node);
            return;
        }
        if (node.primitive() == null) {
            throw new IllegalStateException("eval: the value of an array of " + node.spec() + " was asked for while "
                    + node.placeholderOf()
                    + " traces the function, when it has none; keep printing, item() and branches on values out of the function,"
                    + " or use where(condition, x, y)");
        }
        stack.push(node);
    }

    /// Describes the pending nodes, and collects the values they start from and the nodes to keep.
    private static Structure structure(
            List<Node> pending, Lowering lowering, Set<Node> wanted, List<Node> leaves, List<Node> results) {
        Structure structure = new Structure(lowering.backend());
        long mark = marks++;
        for (Node node : pending) {
            for (Node input : lowering.operands(node)) {
                if (input.isEvaluated() && input.mark != mark) {
                    input.mark = mark;
                    input.position = leaves.size();
                    leaves.add(input);
                    structure.leaves.add(value(input).tensor().spec());
                }
            }
        }
        for (Node node : pending) {
            node.position = leaves.size() + structure.instructions.size();
            Structure.Keep kept = wanted.contains(node) || node.isPassedOver()
                    ? Structure.Keep.YES
                    : node.isTemporary() ? Structure.Keep.NO : Structure.Keep.IF_STORED;
            if (kept != Structure.Keep.NO) {
                results.add(node);
            }
            Node[] inputs = lowering.operands(node);
            int[] positions = new int[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                positions[i] = inputs[i].position;
            }
            structure.instructions.add(new Structure.Instruction(
                    Sizes.decided(lowering.primitive(node)),
                    positions,
                    kept,
                    Sizes.decided(node.specs()),
                    lowering.placement(node)));
        }
        return structure;
    }
}
