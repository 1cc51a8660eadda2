package org.lazuli.function;

import org.lazuli.Array;

/// A function of three arrays.
@FunctionalInterface
public interface Ternary {
    Array apply(Array x, Array y, Array z);
}
