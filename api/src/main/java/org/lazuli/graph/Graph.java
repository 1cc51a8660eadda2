package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Builds the lazy graph: the one place where nodes are made.
public final class Graph {
    private Graph() {}

    /// The array that an instruction gives on these operands; its shape is checked now, its value computed when someone looks.
    public static Array apply(Primitive primitive, Array... inputs) {
        return applyNode(primitive, inputs).array();
    }

    /// The tuple that an instruction with several results gives. It has no handle, so nobody but its elements keeps it.
    public static Node applyTuple(Primitive primitive, Array... inputs) {
        return applyNode(primitive, inputs).owned();
    }

    /// The arrays that an instruction with several results gives.
    public static List<Array> applySeveral(Primitive.Several primitive, Array... inputs) {
        return elements(applyTuple(primitive, inputs));
    }

    private static Node applyNode(Primitive primitive, Array... inputs) {
        Node[] nodes = new Node[inputs.length];
        TensorSpec[] specs = new TensorSpec[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            nodes[i] = node(inputs[i]);
            specs[i] = nodes[i].spec();
        }
        List<TensorSpec> operands = Arrays.asList(specs);
        SizeTrace trace = SizeTrace.isActive() ? SizeTrace.of(primitive, operands) : null;
        return trace == null
                ? Node.of(primitive, nodes, ShapeRules.infer(primitive, operands))
                : OpenResults.node(trace, primitive, nodes, operands);
    }

    /// Like [#apply] for an array that only the library sees: its value is not kept.
    public static Array applyOwned(Primitive primitive, Array... inputs) {
        return applyNode(primitive, inputs).owned().array();
    }

    /// One member of a tuple.
    public static Array element(Node tuple, int index) {
        Node node = Node.of(
                new Primitive.Element(index),
                new Node[] {tuple},
                List.of(tuple.specs().get(index)));
        tuple.addElement(node);
        return node.array();
    }

    /// All members of a tuple.
    public static List<Array> elements(Node tuple) {
        List<Array> elements = new ArrayList<>();
        for (int i = 0; i < tuple.specs().size(); i++) {
            elements.add(element(tuple, i));
        }
        return List.copyOf(elements);
    }

    /// An array of this type and shape without a value, which a transformation replaces after tracing.
    public static Array placeholder(TensorSpec spec, String transformation) {
        return Node.placeholder(spec, transformation).array();
    }

    /// A name for `array` that a transformation can tell from every other use of it.
    public static Array fresh(Array array) {
        return apply(new Primitive.Depends(), array);
    }

    public static Node node(Array array) {
        return Handles.get().node(array);
    }
}
