package org.lazuli.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Builds a tree from paths.
final class Unflatten {
    /// A list is as long as its highest position, so a file with a wild name must not fill the memory.
    private static final int HIGHEST_POSITION = 1_000_000;

    private Unflatten() {}

    static <T extends @Nullable Object> Tree<T> tree(Map<String, ? extends T> leaves) {
        return leaves.isEmpty() ? new Tree.ListNode<>(List.of()) : node(new LinkedHashMap<>(leaves), "");
    }

    private static <T extends @Nullable Object> Tree<T> node(SequencedMap<String, T> leaves, String path) {
        if (leaves.size() == 1 && leaves.firstEntry().getKey().isEmpty()) {
            return new Tree.Leaf<>(leaves.firstEntry().getValue());
        }
        SequencedMap<String, SequencedMap<String, T>> groups = new LinkedHashMap<>();
        leaves.forEach((key, value) -> {
            int dot = key.indexOf('.');
            String name = dot < 0 ? key : key.substring(0, dot);
            String rest = dot < 0 ? "" : key.substring(dot + 1);
            SequencedMap<String, T> group = groups.computeIfAbsent(name, _ -> new LinkedHashMap<>());
            if (group.containsKey(rest)) {
                throw new IllegalArgumentException("unflatten: two values for the path '"
                        + TreePaths.shown(TreePaths.join(path, name)) + "': remove the dot at the end of one");
            }
            group.put(rest, value);
        });
        if (areIntegers(groups.keySet())) {
            return list(groups, path);
        }
        SequencedMap<String, Tree<T>> children = new LinkedHashMap<>();
        groups.forEach((name, group) -> children.put(name, node(group, TreePaths.join(path, name))));
        return new Tree.MapNode<>(children);
    }

    private static boolean areIntegers(Collection<String> names) {
        for (String name : names) {
            if (!isInteger(name)) {
                return false;
            }
        }
        return true;
    }

    /// Whether this is `0`, or digits that do not begin with a zero, perhaps with a minus in front.
    private static boolean isInteger(String name) {
        int first = name.startsWith("-") ? 1 : 0;
        if (first == name.length() || (name.charAt(first) == '0' && name.length() > 1)) {
            return false;
        }
        for (int i = first; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static <T extends @Nullable Object> Tree<T> list(
            SequencedMap<String, SequencedMap<String, T>> groups, String path) {
        TreeMap<Integer, SequencedMap<String, T>> positions = new TreeMap<>();
        groups.forEach((name, group) -> {
            if (name.length() > 7 || Integer.parseInt(name) > HIGHEST_POSITION) {
                throw new IllegalArgumentException("unflatten: position " + name + " in " + TreePaths.place(path)
                        + " is above " + HIGHEST_POSITION + ": use a name that is not a number");
            }
            positions.put(Integer.valueOf(name), group);
        });
        List<Tree<T>> children = new ArrayList<>();
        positions.forEach((position, group) -> {
            while (children.size() < position) {
                children.add(Tree.empty());
            }
            children.add(node(group, TreePaths.join(path, position)));
        });
        return new Tree.ListNode<>(children);
    }
}
