package org.lazuli.conformance.laws;

import java.util.Random;

/// Draws the values of operands.
final class Values {
    private Values() {}

    /// Between -2 and 2.
    static double[] any(Random random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 4 * random.nextDouble() - 2;
        }
        return values;
    }

    /// Between -2 and 2, one in four of them 0.
    static double[] withZeros(Random random, int count) {
        double[] values = any(random, count);
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(4) == 0 ? 0 : values[i];
        }
        return values;
    }

    /// Distinct numbers, in any order and at least 0.1 apart from each other and from those of another `lane`.
    static double[] separated(Random random, int count, int lane) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            int at = random.nextInt(i + 1);
            values[i] = values[at];
            values[at] = 0.4 * (i - count / 2) + 0.2 * lane + 0.05 * random.nextDouble();
        }
        return values;
    }

    static double[] separated(Random random, int count) {
        return separated(random, count, 0);
    }
}
