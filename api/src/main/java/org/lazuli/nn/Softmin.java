package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#softmin].
public class Softmin extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.softmin(x);
    }
}
