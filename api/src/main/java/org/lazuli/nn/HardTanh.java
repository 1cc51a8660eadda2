package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#hardTanh].
public class HardTanh extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.hardTanh(x);
    }
}
