package org.lazuli.function;

import java.util.List;
import org.lazuli.Array;

/// A function of a list of arrays, with a list of arrays as result.
@FunctionalInterface
public interface Nary {
    List<Array> apply(List<Array> inputs);
}
