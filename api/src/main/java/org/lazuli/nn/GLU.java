package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.function.Unary;

/// The layer of [Activations#glu].
public class GLU extends Module implements Unary {
    private final int axis;

    /// With `axis` = -1.
    public GLU() {
        this(-1);
    }

    public GLU(int axis) {
        this.axis = axis;
    }

    @Override
    public Array apply(Array x) {
        return Activations.glu(x, axis);
    }
}
