package org.lazuli.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// One instruction of the lazy graph together with its operands, and its value once there is one.
///
/// Identifiers grow with creation and operands exist before their users, so ascending identifiers are a topological order of any graph.
///
/// Nodes know their users' handles only weakly: an [Array] points to its node, a node to its operands. An instruction with several results is a
/// tuple, which only [Primitive.Element] nodes read.
public final class Node {
    private static final AtomicLong IDS = new AtomicLong();
    private static final Node[] NONE = {};

    private final long id = IDS.getAndIncrement();
    private final @Nullable Primitive primitive;
    private final List<TensorSpec> specs;
    private final @Nullable String placeholderOf;
    private final @Nullable Placement placement = Placement.current();
    private volatile Node[] inputs;
    private volatile @Nullable Region region;
    private volatile @Nullable Stored value;
    private volatile boolean released;
    private boolean passedOver;
    private volatile boolean exclusive;
    private @Nullable Source source;
    private @Nullable WeakReference<Array> handle;

    /// Of a tuple, the nodes that read its members.
    private List<WeakReference<Node>> elements = List.of();

    /// The number of the last plan that met this node, and its position there: scratch of [Planner], guarded by the evaluator's lock.
    long mark = -1;

    int position;

    private Node(@Nullable Primitive primitive, Node[] inputs, List<TensorSpec> specs, @Nullable String placeholderOf) {
        this.primitive = primitive;
        this.inputs = inputs;
        this.specs = specs;
        this.placeholderOf = placeholderOf;
        this.region = Region.current();
    }

    /// A node that applies an instruction.
    static Node of(Primitive primitive, Node[] inputs, List<TensorSpec> specs) {
        return new Node(primitive, inputs, specs, null);
    }

    /// A node that has its value from the start.
    static Node leaf(Stored value) {
        Node node = new Node(null, NONE, List.of(value.tensor().spec()), null);
        node.region = null;
        node.value = value;
        return node;
    }

    /// Where the value of a leaf comes from when someone wants it.
    public interface Source {
        /// The elements, in row-major order and native byte order.
        ///
        /// @param arena lives until the elements are copied
        MemorySegment read(Arena arena);
    }

    /// A leaf whose value is read at its first use, and then kept.
    static Node deferred(TensorSpec spec, Source source) {
        Node node = new Node(null, NONE, List.of(spec), null);
        node.region = null;
        node.source = source;
        return node;
    }

    /// Where the value is to be read from, or null. Guarded by the evaluator's lock.
    @Nullable
    Source source() {
        return source;
    }

    /// A node that stands for an argument of a function being traced and never has a value.
    ///
    /// @param transformation which one traces, for the error when someone wants the value
    static Node placeholder(TensorSpec spec, String transformation) {
        return new Node(null, NONE, List.of(spec), transformation);
    }

    /// The older first.
    public static final Comparator<Node> BY_AGE = (a, b) -> Long.compare(a.id(), b.id());

    public long id() {
        return id;
    }

    /// The instruction, or null for a leaf.
    public @Nullable Primitive primitive() {
        return primitive;
    }

    /// The operands; none for a leaf, and none once the value is kept for good.
    public Node[] inputs() {
        return inputs;
    }

    /// The type and shape of the result.
    public TensorSpec spec() {
        return specs.get(0);
    }

    /// The types and shapes of all results: one, except for a tuple.
    public List<TensorSpec> specs() {
        return specs;
    }

    /// Where this runs, or null for wherever the evaluation does.
    @Nullable
    Placement placement() {
        return placement;
    }

    /// The transformation this is a placeholder of, or null.
    @Nullable
    String placeholderOf() {
        return placeholderOf;
    }

    /// True while a transformation owns this node: its value is let go at its last use.
    boolean isTemporary() {
        return region != null;
    }

    /// Gives this node to another region, or with null to whoever holds its array: its value is kept from then on.
    void handOver(@Nullable Region region) {
        this.region = region;
    }

    /// Makes this node one whose value is let go at its last use, though made outside of a transformation: nobody holds it.
    Node owned() {
        region = Region.OWNED;
        return this;
    }

    /// True if only the state that this is part of holds its array, so that its value may go when another takes its place there.
    public boolean isExclusive() {
        return exclusive;
    }

    /// Says whether this is [#isExclusive].
    public void setExclusive(boolean exclusive) {
        this.exclusive = exclusive;
    }

    /// The value, or null if this is not evaluated.
    @Nullable
    Stored value() {
        return value;
    }

    /// Stores the value. Unless a transformation may still walk the graph, the operands are forgotten, so that the graph frees itself as it is
    /// computed.
    void keep(Stored value) {
        this.value = value;
        source = null;
        Region owner = region;
        if (owner == null || !owner.addEvaluatedWhileTracing(this)) {
            forgetInputs();
        }
        if (owner != null) {
            owner.addEvaluated(this);
        }
    }

    /// Forgets the operands of a node that has its value.
    void forgetInputs() {
        inputs = NONE;
    }

    /// Lets go of the value for good: the scope that owned it is closed, or the state that held it has another.
    void release() {
        released = true;
        drop();
    }

    /// Remembers that an evaluation went through this and did not keep its value. Guarded by the evaluator's lock.
    void passOver() {
        passedOver = true;
    }

    /// True if an evaluation has passed this over: when another one meets it, somebody holds it, and it is not computed a third time.
    boolean isPassedOver() {
        return passedOver;
    }

    /// True if the value was let go and cannot be computed again.
    boolean isReleased() {
        return released;
    }

    /// Keeps the value for the arrays returned along with one that was just asked for, and keeps the operands too, so that [#drop] can take it
    /// back.
    void retain(Stored value) {
        this.value = value;
    }

    /// Lets go of a retained value.
    void drop() {
        Stored old = value;
        if (old != null) {
            value = null;
            old.storage().unkeep();
        }
    }

    /// The region that owns this, or null.
    @Nullable
    Region region() {
        return region;
    }

    /// True if this has a value.
    public boolean isEvaluated() {
        return value != null;
    }

    /// Remembers that a node reads a member of this tuple.
    synchronized void addElement(Node element) {
        List<WeakReference<Node>> all = new ArrayList<>(elements);
        all.removeIf(reference -> reference.get() == null);
        all.add(new WeakReference<>(element));
        elements = all;
    }

    /// The nodes that read this tuple's members and that may still be asked for: whoever computes one computes them all.
    synchronized List<Node> pendingElements() {
        List<Node> pending = new ArrayList<>(elements.size());
        for (WeakReference<Node> reference : elements) {
            Node element = reference.get();
            if (element != null && !element.isEvaluated() && !element.isReleased()) {
                pending.add(element);
            }
        }
        return pending;
    }

    /// The one handle of this node; made anew if the last one is gone.
    public synchronized Array array() {
        Array array = handle == null ? null : handle.get();
        if (array == null) {
            array = Handles.get().make(this);
            handle = new WeakReference<>(array);
        }
        return array;
    }

    /// False if no one outside the graph can ask for this node's value.
    synchronized boolean isHeld() {
        return handle != null && handle.get() != null;
    }
}
