package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer that gives what it is given.
public class Identity extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return x;
    }
}
