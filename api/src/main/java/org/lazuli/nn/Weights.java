package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Random;
import org.lazuli.Shape;

/// How layers draw their weights at first.
final class Weights {
    private Weights() {}

    /// Evenly distributed within `sqrt(1 / inputs)` of 0.
    static Array uniform(Shape shape, int inputs) {
        return within(Math.sqrt(1.0 / inputs), shape);
    }

    /// Evenly distributed within `limit` of 0.
    static Array within(double limit, Shape shape) {
        return Memory.owning(() -> Random.uniform(-limit, limit, shape, DType.FLOAT32, null));
    }

    /// Normally distributed with standard deviation `sqrt(1 / inputs)`.
    static Array normal(Shape shape, int inputs) {
        double deviation = Math.sqrt(1.0 / inputs);
        return Memory.owning(() -> Random.normal(shape, DType.FLOAT32, 0, deviation, null));
    }
}
