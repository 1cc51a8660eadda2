package org.lazuli.export;

import java.util.List;
import java.util.Map;
import org.lazuli.Array;

/// A function of arrays, some of which go by name.
@FunctionalInterface
public interface NamedFunction {
    List<Array> apply(List<Array> arguments, Map<String, Array> named);
}
