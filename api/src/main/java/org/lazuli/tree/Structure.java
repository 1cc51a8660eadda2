package org.lazuli.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// Arrays within the data structures that users write.
///
/// A structure is an [Array], or a [List], [Map], record, Java array or [Tree] of structures, to any depth. Whatever
/// else there is in it, such as numbers, strings and null, is constant: carried along and not looked into. Maps that
/// have an order ([SequencedMap]) are visited in it, others in the order of their keys' text.
///
/// ```java
/// record Batch(Array x, Map<String, Array> targets, int epoch) {}
///
/// List<Array> arrays = Structure.flatten(batch);              // x, then the targets
/// Batch twice = Structure.rebuild(batch, List.of(a, b));      // a Batch with the same epoch and other arrays
/// ```
///
/// What is [Stateful], such as a module, gives its arrays to [#flatten]; it cannot be rebuilt, since it is changed in
/// place.
public final class Structure {
    private Structure() {}

    /// The arrays of a structure, in order.
    ///
    /// @throws IllegalArgumentException if a record is not accessible; the message tells the line to write
    public static List<Array> flatten(@Nullable Object structure) {
        return collect(structure, Stateful::state);
    }

    /// Like [#flatten], with what a [Stateful] only [lends][Stateful#lend].
    public static List<Array> lent(@Nullable Object structure) {
        return collect(structure, Stateful::lend);
    }

    private static List<Array> collect(@Nullable Object structure, Function<Stateful, Tree<Array>> state) {
        List<Array> arrays = new ArrayList<>();
        collect(structure, state, arrays);
        return Collections.unmodifiableList(arrays);
    }

    /// A structure like `like`, with other arrays in the order of [#flatten].
    ///
    /// Lists and maps come back unmodifiable, except that an [ArrayList], [LinkedHashMap] or [TreeMap] gives one of its
    /// kind, and a [java.util.HashMap] gives a [LinkedHashMap]. Parts without arrays come back as they are.
    ///
    /// @throws IllegalArgumentException if the number of arrays is not that of `like`, if `like` holds something
    ///     [Stateful], or if a record is not accessible
    @SuppressWarnings({"unchecked", "NullAway"}) // every case makes a value of the type it was given
    public static <P extends @Nullable Object> P rebuild(P like, List<Array> arrays) {
        int expected = flatten(like).size();
        if (arrays.size() != expected) {
            throw new IllegalArgumentException(
                    "rebuild: the structure holds " + expected + " arrays, but " + arrays.size() + " were given");
        }
        return (P) new Rebuild(arrays).apply(like);
    }

    private static void collect(@Nullable Object part, Function<Stateful, Tree<Array>> state, List<Array> arrays) {
        switch (part) {
            case null -> {}
            case Array array -> arrays.add(array);
            case Tree<?> tree -> tree.forEach((path, leaf) -> collect(leaf, state, arrays));
            case Stateful stateful -> arrays.addAll(state.apply(stateful).leaves());
            case List<?> list -> list.forEach(item -> collect(item, state, arrays));
            case Map<?, ?> map -> inOrder(map).values().forEach(item -> collect(item, state, arrays));
            case Record value -> RecordShape.of(value).components(value).forEach(item -> collect(item, state, arrays));
            case Object[] items -> {
                for (Object item : items) {
                    collect(item, state, arrays);
                }
            }
            default -> {}
        }
    }

    private static <K, V> Map<K, V> inOrder(Map<K, V> map) {
        if (map instanceof SequencedMap || map.size() < 2) {
            return map;
        }
        Map<K, V> sorted = new LinkedHashMap<>();
        map.entrySet().stream()
                .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /// One walk over a structure in the order of [#collect], taking the next array at every array.
    private static final class Rebuild {
        private final List<Array> arrays;
        private int next;

        Rebuild(List<Array> arrays) {
            this.arrays = arrays;
        }

        @Nullable
        Object apply(@Nullable Object part) {
            int before = next;
            Object result = replace(part);
            return next == before ? part : result;
        }

        private @Nullable Object replace(@Nullable Object part) {
            return switch (part) {
                case null -> null;
                case Array _ -> arrays.get(next++);
                case Tree<?> tree -> tree.<@Nullable Object>map(this::apply);
                case Stateful stateful ->
                    throw new IllegalArgumentException(
                            "rebuild: a " + stateful.getClass().getName()
                                    + " is changed in place and has no copy with other arrays: pass its tree of parameters"
                                    + " instead, or differentiate with respect to it by Nn.valueAndGrad");
                case List<?> list -> list(list);
                case Map<?, ?> map -> map(map);
                case Record value -> record(value);
                case Object[] items -> array(items);
                default -> part;
            };
        }

        private List<?> list(List<?> list) {
            List<@Nullable Object> result = new ArrayList<>(list.size());
            list.forEach(item -> result.add(apply(item)));
            return list instanceof ArrayList ? result : Collections.unmodifiableList(result);
        }

        private Map<?, ?> map(Map<?, ?> map) {
            SequencedMap<Object, @Nullable Object> result = new LinkedHashMap<>();
            inOrder(map).forEach((key, item) -> result.put(key, apply(item)));
            if (map instanceof TreeMap<?, ?> sorted) {
                return sortedLike(sorted, result);
            }
            return map instanceof java.util.HashMap ? result : Collections.unmodifiableSequencedMap(result);
        }

        @SuppressWarnings({"unchecked", "NonApiType"}) // the keys are the map's own; the result has its type
        private static <K> TreeMap<K, @Nullable Object> sortedLike(
                TreeMap<K, ?> map, Map<?, ? extends @Nullable Object> entries) {
            TreeMap<K, @Nullable Object> result = new TreeMap<>(map.comparator());
            entries.forEach((key, item) -> result.put((K) key, item));
            return result;
        }

        private Object record(Record value) {
            RecordShape shape = RecordShape.of(value);
            List<@Nullable Object> components = new ArrayList<>();
            shape.components(value).forEach(component -> components.add(apply(component)));
            return shape.construct(components);
        }

        private Object[] array(Object[] items) {
            Object[] result = items.clone();
            for (int i = 0; i < items.length; i++) {
                result[i] = apply(items[i]);
            }
            return result;
        }
    }
}
