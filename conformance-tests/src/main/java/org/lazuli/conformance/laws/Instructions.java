package org.lazuli.conformance.laws;

import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.spi.Primitive;

/// The instruction set as a list of names, read from the sealed type: `MatMul`, `Binary.ADD`, `Binary.SUBTRACT`, …. A record with an operation among
/// its components has one name for each constant of the operation.
final class Instructions {
    private Instructions() {}

    /// Every name, in order.
    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        collect(Primitive.class, names);
        return names;
    }

    private static void collect(Class<?> type, Set<String> names) {
        if (type.isRecord()) {
            List<String> operations = operations(type);
            if (operations.isEmpty()) {
                names.add(type.getSimpleName());
            } else {
                operations.forEach(operation -> names.add(type.getSimpleName() + "." + operation));
            }
        } else {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted, names);
            }
        }
    }

    private static List<String> operations(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (isOperation(component)) {
                return List.of(component.getType().getEnumConstants()).stream()
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList();
            }
        }
        return List.of();
    }

    private static boolean isOperation(RecordComponent component) {
        return component.getType().isEnum() && component.getType() != DType.class;
    }

    /// The name of one instruction.
    static String name(Primitive primitive) {
        Class<?> type = primitive.getClass();
        try {
            for (RecordComponent component : type.getRecordComponents()) {
                if (isOperation(component)) {
                    component.getAccessor().setAccessible(true);
                    return type.getSimpleName() + "." + component.getAccessor().invoke(primitive);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
        return type.getSimpleName();
    }

    /// The names of the instructions that these arrays are to be computed with.
    static Set<String> in(List<Array> arrays) {
        Set<String> names = new TreeSet<>();
        each(arrays, primitive -> names.add(name(primitive)));
        return names;
    }

    /// Calls `action` for every instruction that these arrays are to be computed with.
    static void each(List<Array> arrays, Consumer<Primitive> action) {
        Set<Node> seen = new HashSet<>();
        Deque<Node> stack = new ArrayDeque<>();
        arrays.forEach(array -> stack.push(Graph.node(array)));
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (seen.add(node)) {
                Primitive primitive = node.primitive();
                if (primitive != null) {
                    action.accept(primitive);
                }
                for (Node input : node.inputs()) {
                    stack.push(input);
                }
            }
        }
    }
}
