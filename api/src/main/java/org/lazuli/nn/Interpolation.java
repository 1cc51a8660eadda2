package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Where the elements of a longer or shorter axis come from.
final class Interpolation {
    private Interpolation() {}

    /// For each element of the result one position in the input, and the weight of what is there.
    record Tap(int[] positions, double[] weights) {}

    /// The nearest position of each element, in the arithmetic of float32 as in MLX, which decides ties.
    static int[] nearest(int length, int size) {
        int[] positions = new int[size];
        float step = (float) ((double) length / size);
        for (int i = 0; i < size; i++) {
            positions[i] = size > length ? (int) Math.rint((i + 0.5f) * step - 0.5f) : (int) (i * step);
            positions[i] = Math.clamp(positions[i], 0, length - 1);
        }
        return positions;
    }

    /// What each element of the result is the sum of.
    static List<Tap> taps(Upsample.Options options, int length, int size, double scale) {
        // How far apart the elements of the result are, and what fewer of them leave to each.
        double step = !options.alignCorners() ? 1 / scale : size == 1 ? 0 : (length - 1.0) / (size - 1);
        double first = options.alignCorners() ? 0 : (length - 1 - (size - 1) * step) / 2;
        double width = options.antialias() ? Math.max(1, step) : 1;
        boolean linear = options.mode() == Upsample.Mode.LINEAR;
        DoubleUnaryOperator kernel = linear ? Interpolation::hat : cubic(options.antialias() ? -0.5 : -0.75);
        double reach = (linear ? 1 : 2) * width;
        int count = (int) Math.ceil(2 * reach);
        List<Tap> taps = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            taps.add(new Tap(new int[size], new double[size]));
        }
        for (int i = 0; i < size; i++) {
            double at = first + i * step;
            int start = (int) Math.floor(at - reach) + 1;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                boolean outside = start + k < 0 || start + k >= length;
                double weight = kernel.applyAsDouble((start + k - at) / width);
                // Where elements are averaged, there is nothing beyond the border.
                taps.get(k).weights()[i] = outside && options.antialias() ? 0 : weight;
                taps.get(k).positions()[i] = Math.clamp(start + k, 0, length - 1);
                sum += taps.get(k).weights()[i];
            }
            for (Tap tap : taps) {
                tap.weights()[i] /= sum;
            }
        }
        return taps;
    }

    private static double hat(double distance) {
        return Math.max(0, 1 - Math.abs(distance));
    }

    private static DoubleUnaryOperator cubic(double a) {
        return distance -> {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((a + 2) * x - (a + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
        };
    }
}
