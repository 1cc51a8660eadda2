package org.lazuli.benchmarks.peers;

import java.util.Random;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Numbers with their shape, as every library can take them in.
public record Values(long[] shape, float[] data) {
    /// Standard normal, the same for the same seed.
    public static Values normal(long seed, long... shape) {
        Random random = new Random(seed);
        float[] data = new float[size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return new Values(shape, data);
    }

    /// From 0 to 1, the same for the same seed.
    public static Values uniform(long seed, long... shape) {
        Random random = new Random(seed);
        float[] data = new float[size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        return new Values(shape, data);
    }

    static Values of(Array array) {
        Shape shape = array.shape();
        long[] sizes = new long[shape.rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape.dim(i);
        }
        return new Values(sizes, array.toFloatArray());
    }

    Array array() {
        int[] sizes = new int[shape.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.toIntExact(shape[i]);
        }
        return Ops.array(data).reshape(sizes);
    }

    /// With the axes in another order, and the data moved accordingly.
    public Values transposed(int... axes) {
        return of(array().transpose(axes));
    }

    private static int size(long... shape) {
        long size = 1;
        for (long side : shape) {
            size *= side;
        }
        return Math.toIntExact(size);
    }
}
