package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#hardswish].
public class Hardswish extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.hardswish(x);
    }
}
