package org.lazuli.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TreeTest {
    private static final Tree<Integer> MODEL = tree("layers.0.w", 1, "layers.0.b", 2, "layers.1.w", 3, "scale", 4);

    @Test
    void flattensInInsertionOrder() {
        assertEquals(
                List.of("layers.0.w", "layers.0.b", "layers.1.w", "scale"),
                List.copyOf(MODEL.flatten().keySet()));
        assertEquals(List.of(1, 2, 3, 4), MODEL.leaves());
        assertEquals(
                List.of("p.x", "p.y"),
                List.copyOf(tree("x", 1, "y", 2).flatten("p").keySet()));
        assertEquals(Map.of("", 5), Tree.leaf(5).flatten());
        assertTrue(Tree.empty().flatten().isEmpty());
    }

    @Test
    void flattenRefusesPathsThatCoincide() {
        Tree<Integer> ambiguous = Tree.map(Map.of("a.b", Tree.leaf(1), "a", Tree.map(Map.of("b", Tree.leaf(2)))));
        Exception error = assertThrows(IllegalStateException.class, ambiguous::flatten);
        assertEquals("flatten: two leaves have the path 'a.b': use names without dots", error.getMessage());
    }

    @Test
    void unflattenMakesListsOfIntegerNames() {
        assertEquals(Tree.list(Tree.leaf(5), Tree.empty(), Tree.leaf(1)), tree("2", 1, "0", 5));
        assertEquals(Map.of("01", 1, "1", 2), tree("01", 1, "1", 2).flatten());
        assertEquals(Tree.list(), Tree.unflatten(Map.of()));
        assertEquals(Tree.leaf(7), tree("", 7));
        assertEquals(Tree.list(Tree.leaf(1)), tree("-1", 1));
        assertEquals(
                Tree.map(Map.of("a", Tree.map(Map.of("b", Tree.leaf(1), "", Tree.leaf(2))))), tree("a.b", 1, "a", 2));
    }

    @Test
    void unflattenRefusesWildPaths() {
        assertThrows(IllegalArgumentException.class, () -> tree("a.2000000000", 1));
        assertThrows(IllegalArgumentException.class, () -> tree("99999999999999999999", 1));
        Exception error = assertThrows(IllegalArgumentException.class, () -> tree("a", 1, "a.", 2));
        assertEquals("unflatten: two values for the path 'a': remove the dot at the end of one", error.getMessage());
    }

    @Test
    void findsSubtreesByPath() {
        assertEquals(3, MODEL.get("layers.1.w").value());
        assertEquals(tree("w", 1, "b", 2), MODEL.get("layers.0"));
        assertEquals(MODEL, MODEL.get(""));
        assertEquals(Optional.empty(), MODEL.find("layers.2"));
        assertEquals(1, Tree.map(Map.of("a.b", Tree.leaf(1))).get("a.b").value());
        Exception error = assertThrows(NoSuchElementException.class, () -> MODEL.get("layers.0.weight"));
        assertEquals(
                "get: no 'weight' in 'layers.0' for path 'layers.0.weight': it is a map with the names [w, b]",
                error.getMessage());
        assertThrows(NoSuchElementException.class, () -> MODEL.get("layers.2.w"));
        assertThrows(NoSuchElementException.class, () -> MODEL.get("scale.x"));
        assertThrows(IllegalStateException.class, () -> MODEL.get("layers").value());
    }

    @Test
    void mapsOneTwoAndThreeTrees() {
        assertEquals(List.of(2, 4, 6, 8), MODEL.map(n -> n * 2).leaves());
        assertEquals(
                List.of("layers.0.w=1", "layers.0.b=2", "layers.1.w=3", "scale=4"),
                MODEL.mapWithPath((path, n) -> path + "=" + n).leaves());
        Tree<Integer> more = MODEL.merge(tree("layers.1.b", 9, "other", 9));
        assertEquals(List.of(2, 4, 6, 8), Tree.map(Integer::sum, MODEL, more).leaves());
        assertEquals(
                List.of(1, 8, 27, 64),
                Tree.map((a, b, c) -> a * b * c, MODEL, more, MODEL).leaves());
    }

    @Test
    void mapNamesThePlaceWhereATreeLacksALeaf() {
        Exception error = assertThrows(
                IllegalArgumentException.class, () -> Tree.map(Integer::sum, MODEL, tree("layers.0.w", 1, "scale", 1)));
        assertEquals(
                "map: at 'layers' the first tree has a list of 2 and tree 2 has a list of 1:"
                        + " it must have all that the first has",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Tree.map(Integer::sum, tree("a", 1), tree("a.b", 1)));
        assertThrows(IllegalArgumentException.class, () -> Tree.map(Integer::sum, tree("a", 1, "b", 1), tree("a", 1)));
    }

    @Test
    void reduces() {
        assertEquals(110, MODEL.reduce(100, Integer::sum));
        assertEquals(Optional.of(-8), MODEL.reduce((a, b) -> a - b));
        assertEquals(Optional.empty(), Tree.<Integer>empty().reduce(Integer::sum));
    }

    @Test
    @SuppressWarnings("NullAway") // it does not follow type arguments that admit null
    void mergesDisjointTrees() {
        assertEquals(tree("a.x", 1, "a.y", 2), tree("a.x", 1).merge(tree("a.y", 2)));
        assertEquals(
                Tree.list(Tree.leaf(1), Tree.leaf(2)),
                Tree.<@Nullable Integer>list(Tree.leaf(1), Tree.leaf(null))
                        .merge(Tree.list(Tree.leaf(null), Tree.leaf(2))));
        assertEquals(tree("a", 1), tree("a", 1).merge(Tree.list()));
        Exception error = assertThrows(
                IllegalArgumentException.class, () -> tree("a.x", 1).merge(tree("a.x", 2)));
        assertEquals(
                "merge: at 'a.x' the first tree has a leaf and the second a leaf: give a function that merges two leaves",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> tree("a", 1).merge(Tree.list(Tree.leaf(1))));
        assertThrows(IllegalArgumentException.class, () -> tree("a.x", 1).merge(tree("a", 3), Integer::sum));
    }

    @Test
    void mergesLeavesWithAFunction() {
        assertEquals(
                tree("a.b", 6, "c.0", 4, "c.1", 6, "a.d", 2),
                tree("a.b", 1, "c.0", 1, "c.1", 2).merge(tree("a.b", 5, "a.d", 2, "c.0", 3, "c.1", 4), Integer::sum));
    }

    @Test
    void cutMakesLeavesOfSubtrees() {
        Tree<Tree<Integer>> cut = tree("a.0", 1, "a.1", 2, "b.c", 3).cut(node -> node instanceof Tree.ListNode);
        assertEquals(List.of("a", "b.c"), List.copyOf(cut.flatten().keySet()));
        assertEquals(Tree.list(Tree.leaf(1), Tree.leaf(2)), cut.get("a").value());
        assertEquals(Tree.leaf(3), cut.get("b.c").value());
    }

    @Test
    void copiesWhatItIsGiven() {
        List<Tree<Integer>> children = new ArrayList<>(List.of(Tree.leaf(1)));
        Tree<Integer> tree = Tree.list(children);
        children.add(Tree.leaf(2));
        assertEquals(List.of(1), tree.leaves());
        assertThrows(UnsupportedOperationException.class, () -> tree.leaves().clear());
        assertFalse(tree.isEmpty());
        assertTrue(Tree.list(Tree.empty()).isEmpty());
    }

    @Test
    void printsNamesAndValues() {
        assertEquals("{layers: [{w: 1, b: 2}, {w: 3}], scale: 4}", MODEL.toString());
    }

    private static Tree<Integer> tree(Object... pathsAndValues) {
        Map<String, Integer> leaves = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndValues.length; i += 2) {
            leaves.put((String) pathsAndValues[i], (Integer) pathsAndValues[i + 1]);
        }
        return Tree.unflatten(leaves);
    }
}
