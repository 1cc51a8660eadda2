package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#logSoftmax].
public class LogSoftmax extends Module implements Unary {
    @Override
    public Array apply(Array x) {
        return Activations.logSoftmax(x);
    }
}
