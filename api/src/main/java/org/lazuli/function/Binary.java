package org.lazuli.function;

import org.lazuli.Array;

/// A function of two arrays.
@FunctionalInterface
public interface Binary {
    Array apply(Array x, Array y);
}
