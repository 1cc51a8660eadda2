package org.lazuli.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for every tree without empty nodes and without names that are numbers.
class TreeLawsTest {
    @Property(tries = 200)
    void unflattenInvertsFlatten(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree, Tree.unflatten(tree.flatten()));
    }

    @Property(tries = 200)
    void unflattenKeepsTheOrderWithinEachMap(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree.leaves(), Tree.unflatten(tree.flatten()).leaves());
    }

    @Property(tries = 200)
    void mapKeepsPaths(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree, tree.map(n -> n));
        assertEquals(tree.map(n -> n + 1).map(n -> 2 * n), tree.map(n -> 2 * (n + 1)));
        assertEquals(
                new ArrayList<>(tree.flatten().keySet()),
                tree.mapWithPath((path, n) -> path).leaves());
    }

    @Property(tries = 200)
    void mapOfTwoTreesIsMapOfPairs(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree.map(n -> 11 * n), Tree.map((a, b) -> a + b, tree, tree.map(n -> 10 * n)));
    }

    @Property(tries = 200)
    void getFindsEveryLeaf(@ForAll("trees") Tree<Integer> tree) {
        tree.forEach((path, value) -> assertEquals(value, tree.get(path).value()));
    }

    @Property(tries = 200)
    void reduceVisitsEveryLeafInOrder(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree.leaves(), tree.reduce(List.<Integer>of(), (list, n) -> {
            List<Integer> longer = new ArrayList<>(list);
            longer.add(n);
            return longer;
        }));
    }

    @Property(tries = 200)
    void mergeJoinsWhatWasTakenApart(@ForAll("trees") Tree<Integer> tree, @ForAll long choice) {
        Map<String, Integer> left = new LinkedHashMap<>();
        Map<String, Integer> right = new LinkedHashMap<>();
        tree.forEach((path, value) -> ((choice >> (path.hashCode() & 63) & 1) == 0 ? left : right).put(path, value));
        // Lists become maps of positions, since a part of a list has gaps.
        Tree<Integer> merged = named(left).merge(named(right));
        assertEquals(named(tree.flatten()), merged);
    }

    @Property(tries = 200)
    void mergeWithItselfNeedsAFunction(@ForAll("trees") Tree<Integer> tree) {
        assertEquals(tree.map(n -> 2 * n), tree.merge(tree, Integer::sum));
        assertThrows(IllegalArgumentException.class, () -> tree.merge(tree));
    }

    private static Tree<Integer> named(Map<String, Integer> leaves) {
        Map<String, Integer> renamed = new LinkedHashMap<>();
        leaves.forEach((path, value) -> renamed.put("n" + path.replace(".", ".n"), value));
        return leaves.isEmpty() ? Tree.empty() : Tree.unflatten(renamed);
    }

    @Provide
    Arbitrary<Tree<Integer>> trees() {
        return trees(3);
    }

    private static Arbitrary<Tree<Integer>> trees(int depth) {
        Arbitrary<Tree<Integer>> leaf = Arbitraries.integers().between(-9, 9).map(Tree::leaf);
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<Tree<Integer>> child = trees(depth - 1);
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('a', 'e').ofMinLength(1).ofMaxLength(2);
        return Arbitraries.oneOf(
                leaf,
                child.list().ofMinSize(1).ofMaxSize(3).map(children -> Tree.list(children)),
                Arbitraries.maps(names, child).ofMinSize(1).ofMaxSize(3).map(children -> Tree.map(children)));
    }
}
