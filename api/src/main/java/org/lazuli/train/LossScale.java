package org.lazuli.train;

import org.lazuli.Array;
import org.lazuli.tree.Tree;

/// The factor of a loss that is differentiated in float16: as large as gradients bear.
final class LossScale {
    /// Gradients that overflow below this do so without a scale too.
    private static final double LEAST = 0x1p-10;

    private final int growthInterval;
    private double scale;
    private int goodSteps;

    LossScale(double scale, int growthInterval) {
        this(scale, growthInterval, 0);
    }

    LossScale(double scale, int growthInterval, int goodSteps) {
        this.scale = scale;
        this.growthInterval = growthInterval;
        this.goodSteps = goodSteps;
    }

    double scale() {
        return scale;
    }

    int goodSteps() {
        return goodSteps;
    }

    int growthInterval() {
        return growthInterval;
    }

    /// Whether every gradient is finite. Evaluates them.
    static boolean finite(Tree<Array> gradients) {
        return gradients
                .map(gradient -> gradient.isfinite().all())
                .reduce(Array::logicalAnd)
                .map(all -> all.item() != 0)
                .orElse(true);
    }

    /// @throws IllegalStateException if gradients overflow with no scale worth the name
    void stepWas(boolean finite) {
        if (!finite) {
            scale /= 2;
            goodSteps = 0;
        } else if (++goodSteps >= growthInterval) {
            scale *= 2;
            goodSteps = 0;
        }
        if (scale < LEAST) {
            throw new IllegalStateException(
                    "mixed precision: gradients are not finite even with the loss multiplied by " + 2 * scale
                            + ": lower the learning rate, or compute in bfloat16 or float32");
        }
    }
}
