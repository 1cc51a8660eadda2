package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#mish].
public class Mish extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.mish(x);
    }
}
