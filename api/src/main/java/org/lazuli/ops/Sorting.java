package org.lazuli.ops;

import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;

/// Sorting.
public final class Sorting {
    private Sorting() {}

    public static Array sort(Array x, int axis) {
        return Graph.apply(new Primitive.Sort(x.shape().axis(axis, "sort")), x);
    }

    public static Array argsort(Array x, int axis) {
        return Graph.apply(new Primitive.ArgSort(x.shape().axis(axis, "argsort")), x);
    }
}
