package org.lazuli.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.tree.Tree;

/// Reads modules: one walk over members, lists and maps.
final class ModuleTrees {
    private ModuleTrees() {}

    static <R> Tree<R> map(Module root, MemberFilter filter, Function<Object, ? extends R> fn, MemberFilter isLeaf) {
        try {
            return members(root, filter, fn, isLeaf);
        } catch (StackOverflowError e) {
            throw containsItself(root);
        }
    }

    private static <R> Tree<R> members(
            Module module, MemberFilter filter, Function<Object, ? extends R> fn, MemberFilter isLeaf) {
        SequencedMap<String, Tree<R>> nodes = new LinkedHashMap<>();
        Member.of(module).forEach((name, member) -> {
            Object value = member.get(module);
            if (value != null && filter.test(module, name, value)) {
                nodes.put(name, node(module, name, value, filter, fn, isLeaf));
            }
        });
        return Tree.map(nodes);
    }

    private static <R> Tree<R> node(
            Module module,
            String name,
            Object value,
            MemberFilter filter,
            Function<Object, ? extends R> fn,
            MemberFilter isLeaf) {
        if (isLeaf.test(module, name, value)) {
            return Tree.leaf(fn.apply(value));
        }
        return switch (value) {
            case Module submodule -> members(submodule, filter, fn, isLeaf);
            case List<?> list -> {
                List<Tree<R>> nodes = new ArrayList<>();
                for (int i = 0; i < list.size(); i++) {
                    nodes.add(element(module, name + "." + i, list.get(i), filter, fn, isLeaf));
                }
                yield Tree.list(nodes);
            }
            case Map<?, ?> map -> {
                SequencedMap<String, Tree<R>> nodes = new LinkedHashMap<>();
                keysInOrder(map)
                        .forEach((text, key) ->
                                nodes.put(text, element(module, name + "." + text, map.get(key), filter, fn, isLeaf)));
                yield Tree.map(nodes);
            }
            default -> Tree.empty();
        };
    }

    /// An element of a list or map; what is left out keeps its place.
    private static <R> Tree<R> element(
            Module module,
            String name,
            @Nullable Object value,
            MemberFilter filter,
            Function<Object, ? extends R> fn,
            MemberFilter isLeaf) {
        boolean seen =
                value instanceof Array || value instanceof Module || value instanceof List || value instanceof Map;
        return value != null && seen && filter.test(module, name, value)
                ? node(module, name, value, filter, fn, isLeaf)
                : Tree.empty();
    }

    /// The keys of a map by their text: in the map's own order if it has one, else sorted.
    static Map<String, Object> keysInOrder(Map<?, ?> map) {
        Map<String, Object> keys = map instanceof SequencedMap ? new LinkedHashMap<>() : new TreeMap<>();
        map.keySet().forEach(key -> keys.put(String.valueOf(key), key));
        return keys;
    }

    static SequencedMap<String, Module> named(Module root) {
        SequencedMap<String, Module> result = new LinkedHashMap<>();
        collect("", root, result, Collections.newSetFromMap(new IdentityHashMap<>()));
        return result;
    }

    private static void collect(
            String path, Module module, SequencedMap<String, Module> result, Set<Module> ancestors) {
        if (!ancestors.add(module)) {
            throw containsItself(module);
        }
        result.put(path, module);
        module.children()
                .forEach((name, child) -> collect(path.isEmpty() ? name : path + "." + name, child, result, ancestors));
        ancestors.remove(module);
    }

    private static IllegalStateException containsItself(Module module) {
        return new IllegalStateException(
                "module " + module.getClass().getName() + " contains itself: make the field that leads back private");
    }
}
