package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#relu6].
public class ReLU6 extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.relu6(x);
    }
}
