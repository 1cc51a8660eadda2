package org.lazuli.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;

/// Structures taken apart and put together again. Nothing here is evaluated.
class StructureTest {
    private record Batch(
            Array x,
            Map<String, Array> targets,
            int epoch,
            @Nullable String name) {}

    private record Picky(Array x) {
        Picky {
            if (x.size() > 1) {
                throw new IllegalArgumentException("one element only");
            }
        }
    }

    private final Array a = Ops.zeros(1);
    private final Array b = Ops.zeros(2);
    private final Array c = Ops.zeros(3);

    @Test
    void findsArraysInOrder() {
        Batch batch = new Batch(a, new LinkedHashMap<>(Map.of("y", b)), 3, null);
        List<Object> nested = Arrays.asList(
                batch,
                null,
                5,
                "text",
                List.of(c, Map.of("k", a)),
                Tree.list(Tree.leaf(b)),
                new Array[] {c},
                new int[2]);
        assertEquals(List.of(a, b, c, a, b, c), Structure.flatten(nested));
        assertEquals(List.of(), Structure.flatten(null));
        assertEquals(List.of(a), Structure.flatten(a));
    }

    @Test
    void rebuildsTheSameTypes() {
        Map<String, Array> targets = new LinkedHashMap<>();
        targets.put("z", a);
        targets.put("y", b);
        Batch batch = Structure.rebuild(new Batch(a, targets, 3, null), List.of(c, b, a));
        assertSame(c, batch.x());
        assertEquals(List.of("z", "y"), List.copyOf(batch.targets().keySet()));
        assertSame(a, batch.targets().get("y"));
        assertEquals(3, batch.epoch());

        assertEquals(List.of(b, a), Structure.rebuild(List.of(a, b), List.of(b, a)));
        assertEquals(
                ArrayList.class,
                Structure.rebuild(new ArrayList<>(List.of(a)), List.of(b)).getClass());
        assertEquals(
                LinkedHashMap.class,
                Structure.rebuild(new HashMap<>(Map.of(1, a)), List.of(b)).getClass());
        TreeMap<Integer, Array> sorted = Structure.rebuild(new TreeMap<>(Map.of(2, a, 1, b)), List.of(c, a));
        assertEquals(List.of(c, a), List.copyOf(sorted.values()));
        assertArrayEquals(new Array[] {c, b}, Structure.rebuild(new Array[] {a, b}, List.of(c, b)));
        Tree<Array> tree = Tree.map(Map.of("w", Tree.leaf(a)));
        assertEquals(Tree.map(Map.of("w", Tree.leaf(b))), Structure.rebuild(tree, List.of(b)));
        assertSame(c, Structure.rebuild(a, List.of(c)));
    }

    @Test
    void mapsWithoutAnOrderAreVisitedByTheTextOfTheirKeys() {
        assertEquals(List.of(a, b, c), Structure.flatten(Map.of("k", b, "j", a, "l", c)));
        Map<String, Array> rebuilt = Structure.rebuild(Map.of("k", b, "j", a), List.of(c, b));
        assertSame(c, rebuilt.get("j"));
        assertSame(b, rebuilt.get("k"));
    }

    @Test
    void partsWithoutArraysStayTheSame() {
        List<Object> constants = new ArrayList<>(List.of(1, "two"));
        List<Object> like = List.of(constants, a);
        assertSame(constants, Structure.rebuild(like, List.of(b)).getFirst());
    }

    @Test
    void refusesAnotherNumberOfArrays() {
        assertEquals(
                "rebuild: the structure holds 2 arrays, but 1 were given",
                assertThrows(IllegalArgumentException.class, () -> Structure.rebuild(List.of(a, b), List.of(a)))
                        .getMessage());
    }

    @Test
    void whatARecordThrowsIsPassedOn() {
        assertEquals(
                "one element only",
                assertThrows(IllegalArgumentException.class, () -> Structure.rebuild(new Picky(a), List.of(b)))
                        .getMessage());
    }

    @Test
    void whatIsChangedInPlaceIsReadOnly() {
        Stateful holder = new Stateful() {
            @Override
            public Tree<Array> state() {
                return Tree.leaf(a);
            }

            @Override
            public void setState(Tree<Array> state) {
                throw new AssertionError();
            }
        };
        assertEquals(List.of(a, b), Structure.flatten(List.of(holder, b)));
        assertThrows(IllegalArgumentException.class, () -> Structure.rebuild(List.of(holder, b), List.of(b, a)));
    }
}
