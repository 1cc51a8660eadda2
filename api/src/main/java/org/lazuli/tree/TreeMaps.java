package org.lazuli.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The recursions of [Tree]: mapping and merging.
final class TreeMaps {
    private TreeMaps() {}

    static <T extends @Nullable Object, R extends @Nullable Object> Tree<R> children(
            Tree.ListNode<T> list, Function<Tree<T>, Tree<R>> fn) {
        List<Tree<R>> result = new ArrayList<>(list.children().size());
        for (Tree<T> child : list.children()) {
            result.add(fn.apply(child));
        }
        return new Tree.ListNode<>(result);
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Tree<R> children(
            Tree.MapNode<T> map, Function<Tree<T>, Tree<R>> fn) {
        SequencedMap<String, Tree<R>> result = new LinkedHashMap<>();
        map.children().forEach((name, child) -> result.put(name, fn.apply(child)));
        return new Tree.MapNode<>(result);
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Tree<R> mapWithPath(
            Tree<T> tree, String path, BiFunction<String, ? super T, ? extends R> fn) {
        return switch (tree) {
            case Tree.Leaf<T> leaf -> new Tree.Leaf<>(fn.apply(TreePaths.shown(path), leaf.value()));
            case Tree.ListNode<T> list -> {
                List<Tree<R>> result = new ArrayList<>(list.children().size());
                for (int i = 0; i < list.children().size(); i++) {
                    result.add(mapWithPath(list.children().get(i), TreePaths.join(path, i), fn));
                }
                yield new Tree.ListNode<>(result);
            }
            case Tree.MapNode<T> map -> {
                SequencedMap<String, Tree<R>> result = new LinkedHashMap<>();
                map.children()
                        .forEach((name, child) -> result.put(name, mapWithPath(child, TreePaths.join(path, name), fn)));
                yield new Tree.MapNode<>(result);
            }
        };
    }

    /// Maps `a` together with what `b`, the tree of this number in messages, has at the same places.
    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Tree<R> zip(
            Tree<A> a, Tree<B> b, int number, String path, BiFunction<? super A, ? super B, ? extends R> fn) {
        return switch (a) {
            case Tree.Leaf<A> leaf
            when b instanceof Tree.Leaf<B> other -> new Tree.Leaf<>(fn.apply(leaf.value(), other.value()));
            case Tree.Leaf<A> leaf -> throw mismatch(a, b, number, path);
            case Tree.ListNode<A> list -> {
                if (!(b instanceof Tree.ListNode<B> other)
                        || other.children().size() < list.children().size()) {
                    throw mismatch(a, b, number, path);
                }
                List<Tree<R>> result = new ArrayList<>(list.children().size());
                for (int i = 0; i < list.children().size(); i++) {
                    result.add(
                            zip(list.children().get(i), other.children().get(i), number, TreePaths.join(path, i), fn));
                }
                yield new Tree.ListNode<>(result);
            }
            case Tree.MapNode<A> map -> {
                if (!(b instanceof Tree.MapNode<B> other)) {
                    throw mismatch(a, b, number, path);
                }
                SequencedMap<String, Tree<R>> result = new LinkedHashMap<>();
                map.children().forEach((name, child) -> {
                    Tree<B> partner = other.children().get(name);
                    if (partner == null) {
                        throw mismatch(a, b, number, path);
                    }
                    result.put(name, zip(child, partner, number, TreePaths.join(path, name), fn));
                });
                yield new Tree.MapNode<>(result);
            }
        };
    }

    private static IllegalArgumentException mismatch(Tree<?> a, Tree<?> b, int number, String path) {
        return new IllegalArgumentException("map: at " + TreePaths.place(path) + " the first tree has "
                + TreePaths.describe(a) + " and tree " + number + " has " + TreePaths.describe(b)
                + ": it must have all that the first has");
    }

    static <T extends @Nullable Object> Tree<T> merge(
            Tree<T> a, Tree<T> b, String path, @Nullable BinaryOperator<T> fn) {
        if (isNothing(a)) {
            return b;
        }
        if (isNothing(b)) {
            return a;
        }
        if (a instanceof Tree.MapNode<T> left && b instanceof Tree.MapNode<T> right) {
            return mergeMaps(left, right, path, fn);
        }
        if (a instanceof Tree.ListNode<T> left && b instanceof Tree.ListNode<T> right) {
            return mergeLists(left, right, path, fn);
        }
        if (fn != null && a instanceof Tree.Leaf<T> left && b instanceof Tree.Leaf<T> right) {
            return new Tree.Leaf<>(fn.apply(left.value(), right.value()));
        }
        throw new IllegalArgumentException("merge: at " + TreePaths.place(path) + " the first tree has "
                + TreePaths.describe(a)
                + " and the second " + TreePaths.describe(b)
                + (a.isLeaf() && b.isLeaf() ? ": give a function that merges two leaves" : ": they do not fit"));
    }

    private static <T extends @Nullable Object> Tree<T> mergeMaps(
            Tree.MapNode<T> a, Tree.MapNode<T> b, String path, @Nullable BinaryOperator<T> fn) {
        SequencedMap<String, Tree<T>> result = new LinkedHashMap<>(a.children());
        b.children().forEach((name, right) -> {
            Tree<T> left = result.get(name);
            result.put(name, left == null ? right : merge(left, right, TreePaths.join(path, name), fn));
        });
        return new Tree.MapNode<>(result);
    }

    private static <T extends @Nullable Object> Tree<T> mergeLists(
            Tree.ListNode<T> a, Tree.ListNode<T> b, String path, @Nullable BinaryOperator<T> fn) {
        List<Tree<T>> result = new ArrayList<>(a.children());
        for (int i = 0; i < b.children().size(); i++) {
            Tree<T> right = b.children().get(i);
            if (i < result.size()) {
                result.set(i, merge(result.get(i), right, TreePaths.join(path, i), fn));
            } else {
                result.add(right);
            }
        }
        return new Tree.ListNode<>(result);
    }

    private static <T extends @Nullable Object> boolean isNothing(Tree<T> tree) {
        return switch (tree) {
            case Tree.Leaf<T> leaf -> leaf.value() == null;
            case Tree.ListNode<T> list -> list.children().isEmpty();
            case Tree.MapNode<T> map -> map.children().isEmpty();
        };
    }
}
