package org.lazuli.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An immutable tree: a [Leaf], a [ListNode] or a [MapNode].
///
/// A leaf's *path* joins the names and positions that lead to it by dots, such as `layers.0.weight`; the path of
/// a tree that is itself a leaf is the empty string. Maps keep the order of insertion, and every method visits
/// leaves in that order. The values may be null, which [#merge] takes for "nothing here".
///
/// See also: MLX, *Tree Utils*.
///
/// @param <T> the type of the values at the leaves
public sealed interface Tree<T extends @Nullable Object> {
    /// A value.
    record Leaf<T extends @Nullable Object>(T value) implements Tree<T> {
        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    /// Trees in a row, reached by their positions from 0.
    record ListNode<T extends @Nullable Object>(List<Tree<T>> children) implements Tree<T> {
        public ListNode {
            children = List.copyOf(children);
        }

        @Override
        public String toString() {
            return children.toString();
        }
    }

    /// Trees by name, in the order of insertion. The order carries no meaning for equality.
    record MapNode<T extends @Nullable Object>(SequencedMap<String, Tree<T>> children) implements Tree<T> {
        public MapNode {
            children = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(children));
        }

        @Override
        public String toString() {
            StringJoiner text = new StringJoiner(", ", "{", "}");
            children.forEach((name, child) -> text.add(name + ": " + child));
            return text.toString();
        }
    }

    /// A function of three arguments, for [#map(Function3, Tree, Tree, Tree)].
    @FunctionalInterface
    interface Function3<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            R extends @Nullable Object> {
        R apply(A a, B b, C c);
    }

    // Making trees

    /// The tree that is one value.
    static <T extends @Nullable Object> Tree<T> leaf(T value) {
        return new Leaf<>(value);
    }

    /// The tree with these children, reached by their positions.
    static <T extends @Nullable Object> Tree<T> list(List<? extends Tree<T>> children) {
        return new ListNode<>(List.copyOf(children));
    }

    /// The tree with these children, reached by their positions.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies the array
    static <T extends @Nullable Object> Tree<T> list(Tree<T>... children) {
        return new ListNode<>(List.of(children));
    }

    /// The tree with these children, reached by their names, in the order of the map's iteration.
    static <T extends @Nullable Object> Tree<T> map(Map<String, ? extends Tree<T>> children) {
        return new MapNode<>(new LinkedHashMap<>(children));
    }

    /// The tree without any leaf: an empty map.
    static <T extends @Nullable Object> Tree<T> empty() {
        return new MapNode<>(new LinkedHashMap<>());
    }

    /// The tree whose leaves have these paths: the inverse of [#flatten()] for trees without empty nodes.
    ///
    /// A node all of whose names are integers becomes a list, and positions without an entry are filled with
    /// empty maps; any other node becomes a map. The path `""` stands for the node itself, so `{"": v}` is a
    /// leaf. No entries at all make an empty list.
    ///
    /// @throws IllegalArgumentException if two paths lead to one place, or a position is above one million
    static <T extends @Nullable Object> Tree<T> unflatten(Map<String, ? extends T> leaves) {
        return Unflatten.tree(leaves);
    }

    // Looking at trees

    /// Whether this is a [Leaf].
    default boolean isLeaf() {
        return this instanceof Leaf;
    }

    /// Whether there is no leaf in this tree.
    default boolean isEmpty() {
        return switch (this) {
            case Leaf<T> leaf -> false;
            case ListNode<T> list -> areEmpty(list.children());
            case MapNode<T> map -> areEmpty(map.children().values());
        };
    }

    private static <T extends @Nullable Object> boolean areEmpty(Collection<Tree<T>> children) {
        for (Tree<T> child : children) {
            if (!child.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /// The value of this leaf.
    ///
    /// @throws IllegalStateException if this is a list or a map
    default T value() {
        throw new IllegalStateException("value: " + TreePaths.describe(this)
                + " is not a leaf: name one of its children with get(path), or take all leaves with leaves()");
    }

    /// The subtree at a path, such as `layers.0.weight`; the path `""` gives this tree.
    ///
    /// @throws NoSuchElementException if nothing is there; the message lists what is
    default Tree<T> get(String path) {
        return TreePaths.get(this, path);
    }

    /// The subtree at a path, if there is one.
    default Optional<Tree<T>> find(String path) {
        return Optional.ofNullable(TreePaths.find(this, path));
    }

    /// Calls `action` with the path and value of every leaf, in order.
    default void forEach(BiConsumer<String, T> action) {
        TreePaths.visit(this, "", action);
    }

    /// The values of the leaves, in order.
    default List<T> leaves() {
        List<T> leaves = new ArrayList<>();
        forEach((path, value) -> leaves.add(value));
        return Collections.unmodifiableList(leaves);
    }

    /// The leaves by path, in order.
    ///
    /// @throws IllegalStateException if two leaves have the same path, because a name contains a dot
    default SequencedMap<String, T> flatten() {
        return flatten("");
    }

    /// The leaves by path, each path starting with `prefix` and a dot.
    ///
    /// @throws IllegalStateException if two leaves have the same path, because a name contains a dot
    default SequencedMap<String, T> flatten(String prefix) {
        SequencedMap<String, T> leaves = new LinkedHashMap<>();
        TreePaths.visit(this, prefix.isEmpty() ? "" : "." + prefix, (path, value) -> {
            if (leaves.containsKey(path)) {
                throw new IllegalStateException(
                        "flatten: two leaves have the path '" + path + "': use names without dots");
            }
            leaves.put(path, value);
        });
        return Collections.unmodifiableSequencedMap(leaves);
    }

    /// This tree with the subtrees that satisfy `isLeaf` as its leaves. Nothing below such a subtree is looked
    /// at; original leaves are leaves in any case.
    ///
    /// This is what MLX's functions do with their argument `is_leaf`, as a step of its own:
    ///
    /// ```java
    /// tree.cut(node -> node instanceof Tree.ListNode).flatten();    // lists are leaves
    /// ```
    default Tree<Tree<T>> cut(Predicate<? super Tree<T>> isLeaf) {
        if (isLeaf.test(this)) {
            return new Leaf<>(this);
        }
        return switch (this) {
            case Leaf<T> leaf -> new Leaf<>(leaf);
            case ListNode<T> list -> TreeMaps.children(list, child -> child.cut(isLeaf));
            case MapNode<T> map -> TreeMaps.children(map, child -> child.cut(isLeaf));
        };
    }

    // Functions of trees

    /// This tree with `fn` applied to every leaf.
    default <R extends @Nullable Object> Tree<R> map(Function<? super T, ? extends R> fn) {
        return switch (this) {
            case Leaf<T> leaf -> new Leaf<>(fn.apply(leaf.value()));
            case ListNode<T> list -> TreeMaps.children(list, child -> child.map(fn));
            case MapNode<T> map -> TreeMaps.children(map, child -> child.map(fn));
        };
    }

    /// This tree with `fn` applied to the path and the value of every leaf.
    default <R extends @Nullable Object> Tree<R> mapWithPath(BiFunction<String, ? super T, ? extends R> fn) {
        return TreeMaps.mapWithPath(this, "", fn);
    }

    /// A tree shaped like `a`, with `fn` applied to the leaves of both trees at each place. `b` may have more
    /// than `a` has; what is only in `b` is left out.
    ///
    /// @throws IllegalArgumentException if `b` has no leaf where `a` has one; the message names the path
    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Tree<R> map(
            BiFunction<? super A, ? super B, ? extends R> fn, Tree<A> a, Tree<B> b) {
        return TreeMaps.zip(a, b, 2, "", fn);
    }

    /// A tree shaped like `a`, with `fn` applied to the leaves of the three trees at each place. `b` and `c` may
    /// have more than `a` has.
    ///
    /// @throws IllegalArgumentException if `b` or `c` has no leaf where `a` has one; the message names the path
    static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Tree<R> map(Function3<? super A, ? super B, ? super C, ? extends R> fn, Tree<A> a, Tree<B> b, Tree<C> c) {
        record Pair<A extends @Nullable Object, B extends @Nullable Object>(A a, B b) {}
        Tree<Pair<A, B>> pairs = TreeMaps.zip(a, b, 2, "", Pair::new);
        return TreeMaps.zip(pairs, c, 3, "", (pair, value) -> fn.apply(pair.a(), pair.b(), value));
    }

    /// Combines all leaves in order, starting from `initial`.
    default <R extends @Nullable Object> R reduce(R initial, BiFunction<? super R, ? super T, ? extends R> fn) {
        R result = initial;
        for (T leaf : leaves()) {
            result = fn.apply(result, leaf);
        }
        return result;
    }

    /// Combines all leaves in order, starting from the first; empty if there is none.
    default Optional<T> reduce(BinaryOperator<T> fn) {
        List<T> leaves = leaves();
        if (leaves.isEmpty()) {
            return Optional.empty();
        }
        T result = leaves.getFirst();
        for (T leaf : leaves.subList(1, leaves.size())) {
            result = fn.apply(result, leaf);
        }
        return Optional.ofNullable(result);
    }

    /// A tree with the leaves of both. Empty nodes and null leaves count as nothing, so a list that has a value
    /// only in its first place and one that has a value only in its second merge into one.
    ///
    /// @throws IllegalArgumentException if both have something at one place; the message names the path
    default Tree<T> merge(Tree<T> other) {
        return TreeMaps.merge(this, other, "", null);
    }

    /// A tree with the leaves of both, and `fn` of the two values where both have a leaf.
    ///
    /// @throws IllegalArgumentException if one has a leaf where the other has a node, or one a list where the
    ///     other has a map
    default Tree<T> merge(Tree<T> other, BinaryOperator<T> fn) {
        return TreeMaps.merge(this, other, "", fn);
    }
}
