package org.lazuli.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// What is known of the sizes while a function is traced for all of them: where each comes from, and what the function has learnt of it.
///
/// The shapes of the arguments hold [Size]s in place of numbers. They travel with shapes through operations; code that wants the number
/// gets it, but then the trace holds for that number only. So a trace is never used for shapes for which the code might have done something else.
public final class SizeTrace {
    /// How many traces there are now: without any, nothing needs to look for open sizes.
    private static final AtomicInteger ACTIVE = new AtomicInteger();

    /// Where a size comes from.
    sealed interface Source {}

    /// An axis of a node's result.
    record Axis(Owner owner, int result, int axis) implements Source {}

    /// The product of a number and other sizes.
    record Product(int factor, List<Integer> sizes) implements Source {}

    /// What the function has learnt.
    public sealed interface Condition {}

    /// A size is a number, or is not.
    public record Is(int size, int value, boolean holds) implements Condition {}

    /// Two sizes are the same, or are not.
    public record Same(int size, int other, boolean holds) implements Condition {}

    /// The node that an axis belongs to, which is made after its shape.
    static final class Owner {
        @Nullable
        Node node;
    }

    private final List<Source> sources = new ArrayList<>();
    private final List<Size> sizes = new ArrayList<>();
    private final Set<Condition> conditions = new LinkedHashSet<>();

    private SizeTrace() {}

    /// Runs `body` with a trace for arguments whose sizes are open.
    static <T> T run(Function<SizeTrace, T> body) {
        ACTIVE.incrementAndGet();
        try {
            return body.apply(new SizeTrace());
        } finally {
            ACTIVE.decrementAndGet();
        }
    }

    /// The sizes of a trace that was read, with these values in its example. Nothing comes of what is asked of them.
    static List<Size> read(List<Integer> examples) {
        SizeTrace trace = new SizeTrace();
        List<Size> sizes = new ArrayList<>();
        for (int example : examples) {
            sizes.add(new Size(trace, sizes.size(), example));
        }
        return List.copyOf(sizes);
    }

    static boolean isActive() {
        return ACTIVE.get() > 0;
    }

    List<Source> sources() {
        return sources;
    }

    List<Condition> conditions() {
        return List.copyOf(conditions);
    }

    /// An array that stands for an argument of this type and rank and of any sizes.
    Array placeholder(TensorSpec example, String transformation) {
        Owner owner = new Owner();
        Shape open = open(example.shape(), owner, 0);
        Array array = Graph.placeholder(example.withShape(open), transformation);
        owner.node = Graph.node(array);
        return array;
    }

    /// A shape of new open sizes.
    Shape open(Shape example, Owner owner, int result) {
        @Nullable Size[] open = new Size[example.rank()];
        for (int axis = 0; axis < open.length; axis++) {
            open[axis] = add(new Axis(owner, result, axis), example.dim(axis));
        }
        return OpenShapes.get().make(example.toArray(), open);
    }

    private Size add(Source source, int value) {
        int known = sources.indexOf(source);
        if (known >= 0 && !(source instanceof Axis)) {
            return sizes.get(known);
        }
        Size size = new Size(this, sources.size(), value);
        sources.add(source);
        sizes.add(size);
        return size;
    }

    /// A size in the example.
    int example(int number) {
        return sizes.get(number).value();
    }

    Size product(Product product, int value) {
        return product.factor() == 1 && product.sizes().size() == 1
                ? sizes.get(product.sizes().get(0))
                : add(product, value);
    }

    void is(Size size, int value, boolean holds) {
        conditions.add(new Is(size.number(), value, holds));
    }

    boolean same(Size a, Size b) {
        boolean holds = a.value() == b.value();
        conditions.add(new Same(a.number(), b.number(), holds));
        return holds;
    }

    /// The trace whose sizes are open in a shape, or null.
    static @Nullable SizeTrace of(Shape shape) {
        for (Size size : OpenShapes.get().sizes(shape)) {
            if (size != null) {
                return size.trace();
            }
        }
        return null;
    }

    /// The trace whose sizes are open in an instruction or its operands, or null.
    static @Nullable SizeTrace of(Primitive primitive, List<TensorSpec> operands) {
        for (TensorSpec operand : operands) {
            SizeTrace trace = of(operand.shape());
            if (trace != null) {
                return trace;
            }
        }
        @Nullable SizeTrace[] found = new SizeTrace[1];
        Attributes.map(primitive, shape -> {
            SizeTrace trace = of(shape);
            found[0] = trace == null ? found[0] : trace;
            return shape;
        });
        return found[0];
    }
}
