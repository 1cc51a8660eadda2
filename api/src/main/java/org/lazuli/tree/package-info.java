/// Trees of values: what a model's parameters, their gradients and an optimizer's state are.
///
/// A [Tree] is a leaf, a list of trees or a map from names to trees. Every leaf has a path: the names and
/// positions that lead to it, joined by dots.
///
/// ```java
/// Tree<Integer> tree = Tree.unflatten(Map.of("layers.0.weight", 6, "layers.0.bias", 3));
/// tree.flatten();                          // {layers.0.weight=6, layers.0.bias=3}, in the order of insertion
/// tree.map(n -> n * 2);                    // the same shape of tree with other leaves
/// tree.reduce(0, Integer::sum);            // 9
/// tree.get("layers.0.weight").value();     // 6
/// ```
///
/// [Structure] does the same for what users write themselves: records, lists and maps that hold arrays.
///
/// See also: MLX, *Tree Utils*.
@NullMarked
package org.lazuli.tree;

import org.jspecify.annotations.NullMarked;
