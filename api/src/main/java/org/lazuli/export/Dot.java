package org.lazuli.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.spi.Primitive;

/// The graph that some arrays are to be computed by, as text for Graphviz.
final class Dot {
    private final Map<Node, String> given = new HashMap<>();

    /// For each node, how its value is drawn.
    private final Map<Node, String> drawn = new HashMap<>();

    /// The text in each ellipse.
    private final Map<String, String> labels = new LinkedHashMap<>();

    private final Set<String> taken = new HashSet<>();
    private final StringBuilder text = new StringBuilder("digraph {\n");
    private int letters;
    private int boxes;

    private Dot(Map<String, Array> arrays) {
        arrays.forEach((name, array) -> {
            given.putIfAbsent(Graph.node(array), name);
            taken.add(name);
        });
    }

    static String of(Map<String, Array> named, List<Array> others) {
        List<Array> all = new ArrayList<>(named.values());
        all.addAll(others);
        return new Dot(named).draw(all);
    }

    private String draw(List<Array> arrays) {
        List<Node> nodes = reachable(arrays);
        StringJoiner sources = new StringJoiner(" ", "  { rank=source; ", " }\n").setEmptyValue("");
        for (Node node : nodes) {
            if (node.primitive() == null || node.isEvaluated()) {
                sources.add(array(node) + ";");
            }
        }
        text.append(sources);
        for (Node node : nodes) {
            if (!drawn.containsKey(node)) {
                instruction(node);
            }
        }
        labels.forEach((name, label) -> text.append("  ")
                .append(name)
                .append(" [label=")
                .append(quoted(label))
                .append("]\n"));
        return text.append("}\n").toString();
    }

    private void instruction(Node node) {
        Primitive primitive = node.primitive();
        if (primitive instanceof Primitive.Element element) {
            // Drawn with the instruction that it is a result of.
            String box = name(node.inputs()[0]);
            text.append("  ").append(box).append(" -> ").append(array(node));
            text.append(" [label=").append(element.index()).append("]\n");
            return;
        }
        String box = "i" + boxes++;
        text.append("  ")
                .append(box)
                .append(" [shape=box, label=")
                .append(quoted(label(primitive)))
                .append("]\n");
        for (Node input : node.inputs()) {
            text.append("  ").append(name(input)).append(" -> ").append(box).append('\n');
        }
        if (node.specs().size() > 1 || primitive instanceof Primitive.Custom) {
            drawn.put(node, box);
        } else {
            text.append("  ").append(box).append(" -> ").append(array(node)).append('\n');
        }
    }

    private String name(Node node) {
        String name = drawn.get(node);
        if (name == null) {
            throw new AssertionError("an operand comes first");
        }
        return name;
    }

    /// Declares the ellipse of a node's value and gives its name.
    private String array(Node node) {
        String name = given.get(node);
        while (name == null || name.isEmpty()) {
            String next = Walk.letters(letters++);
            name = taken.contains(next) ? null : next;
        }
        String quoted = quoted(name);
        drawn.put(node, quoted);
        labels.put(quoted, name + "\n" + node.spec());
        return quoted;
    }

    private static String label(@Nullable Primitive primitive) {
        if (primitive == null) {
            return "";
        }
        StringJoiner attributes = new StringJoiner("\n", "\n", "").setEmptyValue("");
        Walk.attributes(primitive).forEach((name, value) -> {
            boolean shown = switch (primitive) {
                case Primitive.Custom _, Primitive.Fallback _ -> false;
                default -> true;
            };
            if (shown) {
                attributes.add(name + "=" + value);
            }
        });
        return Walk.name(primitive) + attributes;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /// Everything that the arrays depend on, operands first.
    private static List<Node> reachable(List<Array> arrays) {
        Set<Node> seen = new HashSet<>();
        Deque<Node> stack = new ArrayDeque<>();
        arrays.forEach(array -> stack.push(Graph.node(array)));
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (seen.add(node) && !node.isEvaluated()) {
                stack.addAll(Arrays.asList(node.inputs()));
            }
        }
        List<Node> nodes = new ArrayList<>(seen);
        nodes.sort(Comparator.comparingLong(Node::id));
        return nodes;
    }
}
