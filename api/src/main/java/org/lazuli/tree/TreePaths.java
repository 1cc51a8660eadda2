package org.lazuli.tree;

import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Paths through trees. While descending, a path is kept with a dot before every name, so that empty names do
/// not get lost.
final class TreePaths {
    private TreePaths() {}

    static String join(String path, String name) {
        return path + "." + name;
    }

    static String join(String path, int position) {
        return path + "." + position;
    }

    /// The path as users see it: without the first dot.
    static String shown(String path) {
        return path.isEmpty() ? path : path.substring(1);
    }

    /// A path for messages.
    static String place(String path) {
        return path.isEmpty() ? "the root" : "'" + shown(path) + "'";
    }

    static <T extends @Nullable Object> void visit(Tree<T> tree, String path, BiConsumer<String, T> action) {
        switch (tree) {
            case Tree.Leaf<T> leaf -> action.accept(shown(path), leaf.value());
            case Tree.ListNode<T> list -> {
                for (int i = 0; i < list.children().size(); i++) {
                    visit(list.children().get(i), join(path, i), action);
                }
            }
            case Tree.MapNode<T> map -> map.children().forEach((name, child) -> visit(child, join(path, name), action));
        }
    }

    static <T extends @Nullable Object> @Nullable Tree<T> find(Tree<T> tree, String path) {
        Tree<T> node = tree;
        int start = 0;
        while (!path.isEmpty() && start <= path.length()) {
            int dot = path.indexOf('.', start);
            int end = dot < 0 ? path.length() : dot;
            Tree<T> next = child(node, path.substring(start, end));
            if (next == null && node instanceof Tree.MapNode<T> map) {
                // A name that itself contains dots.
                return map.children().get(path.substring(start));
            }
            if (next == null) {
                return null;
            }
            node = next;
            start = end + 1;
        }
        return node;
    }

    static <T extends @Nullable Object> @Nullable Tree<T> child(Tree<T> node, String name) {
        return switch (node) {
            case Tree.Leaf<T> leaf -> null;
            case Tree.ListNode<T> list -> {
                int position = position(name);
                yield position >= 0 && position < list.children().size()
                        ? list.children().get(position)
                        : null;
            }
            case Tree.MapNode<T> map -> map.children().get(name);
        };
    }

    /// The position that a name stands for, or -1.
    static int position(String name) {
        if (name.isEmpty() || name.length() > 9 || (name.length() > 1 && name.charAt(0) == '0')) {
            return -1;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(name);
    }

    static <T extends @Nullable Object> Tree<T> get(Tree<T> tree, String path) {
        Tree<T> found = find(tree, path);
        if (found != null) {
            return found;
        }
        // Walk again, to say how far the path leads.
        Tree<T> node = tree;
        String reached = "";
        for (String name : path.split("\\.", -1)) {
            Tree<T> next = child(node, name);
            if (next == null) {
                throw new NoSuchElementException("get: no '" + name + "' in "
                        + (reached.isEmpty() ? "the tree" : place(reached)) + " for path '" + path
                        + "': it is " + describe(node));
            }
            node = next;
            reached = join(reached, name);
        }
        return node;
    }

    /// What a node is, for messages.
    static String describe(Tree<?> node) {
        return switch (node) {
            case Tree.Leaf<?> leaf -> "a leaf";
            case Tree.ListNode<?> list -> "a list of " + list.children().size();
            case Tree.MapNode<?> map -> "a map with the names " + map.children().keySet();
        };
    }
}
