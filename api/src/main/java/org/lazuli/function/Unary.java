package org.lazuli.function;

import org.lazuli.Array;

/// A function of one array.
@FunctionalInterface
public interface Unary {
    Array apply(Array x);
}
