package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#relu2].
public class ReLU2 extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.relu2(x);
    }
}
