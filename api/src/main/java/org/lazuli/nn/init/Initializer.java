package org.lazuli.nn.init;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// Gives an array with values to start from.
@FunctionalInterface
public interface Initializer extends Unary {
    /// @param like an array of the shape wanted; its values and type do not matter
    @Override
    Array apply(Array like);
}
