package org.lazuli.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lazuli.Array;
import org.lazuli.tree.Tree;

/// Writes to modules. All replacements are planned first, so that an error leaves the module as it was.
///
/// @param <T> what is replaced: [Array] or [Module]
final class ModuleUpdates<T> {
    private final Class<T> type;
    private final String operation;
    private final boolean strict;
    private final List<Runnable> writes = new ArrayList<>();

    private ModuleUpdates(Class<T> type, String operation, boolean strict) {
        this.type = type;
        this.operation = operation;
        this.strict = strict;
    }

    static void arrays(Module module, Tree<Array> arrays, boolean strict, String operation) {
        new ModuleUpdates<>(Array.class, operation, strict).run(module, arrays);
    }

    static void modules(Module module, Tree<? extends Module> modules, boolean strict) {
        Tree<Module> widened = modules.map(m -> m);
        new ModuleUpdates<>(Module.class, "updateModules", strict).run(module, widened);
    }

    private void run(Module module, Tree<T> tree) {
        plan(module, tree, "");
        writes.forEach(Runnable::run);
    }

    private void plan(Module module, Tree<T> tree, String path) {
        if (tree.isEmpty()) {
            return;
        }
        if (!(tree instanceof Tree.MapNode<T> map)) {
            reportMisfit(path, module, tree);
            return;
        }
        map.children().forEach((name, child) -> {
            Member member = Member.of(module).get(MemberNames.path(name));
            Object value = member == null ? null : member.get(module);
            if (member == null || value == null) {
                reportMissing(path, name, child, Member.of(module).keySet());
            } else {
                plan(value, child, join(path, name), new FieldSlot(module, member));
            }
        });
    }

    private void plan(Object current, Tree<T> tree, String path, Slot slot) {
        if (type.isInstance(current) && tree instanceof Tree.Leaf<T> leaf) {
            Object value = leaf.value();
            slot.check(value);
            writes.add(() -> slot.set(value));
            return;
        }
        switch (current) {
            case Module module -> plan(module, tree, path);
            case List<?> list when tree instanceof Tree.ListNode<T> node -> planList(list, node, path, slot);
            case Map<?, ?> map when tree instanceof Tree.MapNode<T> node -> planMap(map, node, path, slot);
            case Map<?, ?> map when tree instanceof Tree.ListNode<T> node -> planMap(map, byPosition(node), path, slot);
            default -> reportMisfit(path, current, tree);
        }
    }

    private void planList(List<?> list, Tree.ListNode<T> tree, String path, Slot slot) {
        Elements elements = new Elements(ListContainer.of(list), slot);
        for (int i = 0; i < tree.children().size(); i++) {
            Tree<T> child = tree.children().get(i);
            Object value = i < list.size() ? list.get(i) : null;
            if (value != null) {
                plan(value, child, join(path, String.valueOf(i)), new ElementSlot(elements, i));
            } else if (!child.isEmpty() && strict) {
                throw new IllegalArgumentException(
                        operation + ": no element " + i + " in '" + path + "', a list of " + list.size());
            }
        }
    }

    private void planMap(Map<?, ?> map, Tree.MapNode<T> tree, String path, Slot slot) {
        Map<String, Object> keys = ModuleTrees.keysInOrder(map);
        Elements elements = new Elements(MapContainer.of(map), slot);
        tree.children().forEach((name, child) -> {
            Object key = keys.get(name);
            Object value = key == null ? null : map.get(key);
            if (key == null || value == null) {
                reportMissing(path, name, child, keys.keySet());
            } else {
                plan(value, child, join(path, name), new ElementSlot(elements, key));
            }
        });
    }

    /// What [Tree#unflatten] took for a list, because all keys are numbers.
    private static <T> Tree.MapNode<T> byPosition(Tree.ListNode<T> list) {
        SequencedMap<String, Tree<T>> children = new LinkedHashMap<>();
        for (int i = 0; i < list.children().size(); i++) {
            children.put(String.valueOf(i), list.children().get(i));
        }
        return new Tree.MapNode<>(children);
    }

    private void reportMissing(String path, String name, Tree<T> tree, Iterable<String> present) {
        if (strict && !tree.isEmpty()) {
            throw new IllegalArgumentException(operation + ": nothing is called '" + join(path, name) + "': "
                    + (path.isEmpty() ? "the module" : "'" + path + "'") + " has " + present
                    + "; other names are ignored with strict = false");
        }
    }

    private void reportMisfit(String path, Object current, Tree<T> tree) {
        if (strict && !tree.isEmpty()) {
            String found = tree.isLeaf()
                    ? "a single value"
                    : "several values, " + tree.flatten().keySet();
            throw new IllegalArgumentException(operation + ": " + (path.isEmpty() ? "the module" : "'" + path + "'")
                    + " is of type " + current.getClass().getSimpleName() + ", but the tree has " + found + " there");
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// A place that can be written to.
    private sealed interface Slot {
        void set(Object value);

        /// Fails if [#set] would.
        void check(Object value);

        /// The field that the place belongs to.
        Member member();
    }

    private record FieldSlot(Module module, Member member) implements Slot {
        @Override
        public void set(Object value) {
            member.set(module, value);
        }

        @Override
        public void check(Object value) {
            member.checkReplaceable(value);
        }
    }

    private record ElementSlot(Elements elements, Object key) implements Slot {
        @Override
        public void set(Object value) {
            elements.set(key, value);
        }

        @Override
        public void check(Object value) {
            if (!(value instanceof List || value instanceof Map)) {
                member().checkElement(value);
            }
            elements.check();
        }

        @Override
        public Member member() {
            return elements.holder.member();
        }
    }

    /// The elements of a list or map. One that cannot be changed is replaced, once, by a copy that can.
    private static final class Elements {
        private final Slot holder;
        private Container container;

        Elements(Container container, Slot holder) {
            this.container = container;
            this.holder = holder;
        }

        void set(Object key, Object value) {
            if (!container.isMutable()) {
                container = container.copy();
                holder.set(container.value());
            }
            container.set(key, value);
        }

        void check() {
            if (!container.isMutable()) {
                holder.check(container.copy().value());
            }
        }
    }

    private sealed interface Container {
        Object value();

        void set(Object key, Object value);

        Container copy();

        /// Whether elements can be replaced, found by replacing one by itself.
        boolean isMutable();
    }

    private record ListContainer(List<Object> value) implements Container {
        @SuppressWarnings("unchecked") // elements are checked against the declared type
        static ListContainer of(List<?> value) {
            return new ListContainer((List<Object>) value);
        }

        @Override
        public void set(Object key, Object element) {
            value.set((Integer) key, element);
        }

        @Override
        public Container copy() {
            return new ListContainer(new ArrayList<>(value));
        }

        @Override
        public boolean isMutable() {
            try {
                value.set(0, value.getFirst());
                return true;
            } catch (UnsupportedOperationException e) {
                return false;
            }
        }
    }

    private record MapContainer(Map<Object, Object> value) implements Container {
        @SuppressWarnings("unchecked") // values are checked against the declared type
        static MapContainer of(Map<?, ?> value) {
            return new MapContainer((Map<Object, Object>) value);
        }

        @Override
        public void set(Object key, Object element) {
            value.put(key, element);
        }

        @Override
        public Container copy() {
            Map<Object, Object> copy = new LinkedHashMap<>();
            ModuleTrees.keysInOrder(value).values().forEach(key -> copy.put(key, value.get(key)));
            return new MapContainer(copy);
        }

        @Override
        public boolean isMutable() {
            try {
                Object key = value.keySet().iterator().next();
                value.put(key, value.get(key));
                return true;
            } catch (UnsupportedOperationException e) {
                return false;
            }
        }
    }
}
