package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Convolution over any number of spatial axes, as a matrix product: the weights (out, depth) of a group times the
/// matrix (depth, positions) of what each output position sees, where depth counts the places of the kernel and their
/// channels. That matrix is never stored: the product asks for it block by block, and [Patches] reads it from the
/// input.
final class Convolutions {
    private final FloatGemm floats;

    Convolutions(FloatGemm floats) {
        this.floats = floats;
    }

    void run(Convolution kernel, Tensor input, Tensor weight, Tensor output) {
        if (output.shape().size() == 0) {
            return;
        }
        DType dtype = output.dtype();
        Object target = Storage.array(output);
        int size = output.shape().size();
        Patches patches = new Patches(kernel, input, weight, output);
        Object x = Widened.contiguous(input);
        Object w = Widened.contiguous(weight);
        switch (dtype) {
            case FLOAT32 -> convolve(patches, (float[]) x, w, (float[]) target);
            case FLOAT64 -> convolve(patches, (double[]) x, w, (double[]) target);
            case FLOAT16, BFLOAT16 -> {
                float[] result = new float[size];
                convolve(patches, (float[]) x, w, result);
                Conversions.narrow(dtype, result, target, 0, size);
            }
            case COMPLEX64 -> {
                float[][] xs = parts((float[]) x);
                float[][] ws = parts((float[]) w);
                float[] c = (float[]) target;
                float[][] products = new float[4][size];
                for (int i = 0; i < 4; i++) {
                    convolve(patches, xs[i / 2], ws[i % 2], products[i]);
                }
                for (int i = 0; i < size; i++) {
                    c[2 * i] = products[0][i] - products[3][i];
                    c[2 * i + 1] = products[1][i] + products[2][i];
                }
            }
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                throw new UnsupportedOperationException("cpu: convolution is not defined for " + dtype);
        }
    }

    private void convolve(Patches patches, float[] x, Object weights, float[] target) {
        for (int group = 0; group < patches.groups; group++) {
            int channel = group * patches.groupIn;
            floats.multiply(
                    patches.groupOut,
                    patches.positions,
                    patches.depth,
                    patches.weights(weights, group),
                    (row, depth, column, columns, rows) -> patches.read(x, channel, row, depth, column, columns, rows),
                    target,
                    group * patches.groupOut,
                    1,
                    patches.outChannels);
        }
    }

    private static void convolve(Patches patches, double[] x, Object weights, double[] target) {
        for (int group = 0; group < patches.groups; group++) {
            int channel = group * patches.groupIn;
            DoubleGemm.multiply(
                    patches.groupOut,
                    patches.positions,
                    patches.depth,
                    patches.weights(weights, group),
                    (row, depth, column, columns, rows) -> patches.read(x, channel, row, depth, column, columns, rows),
                    target,
                    group * patches.groupOut,
                    1,
                    patches.outChannels);
        }
    }

    private static float[][] parts(float[] complex) {
        float[][] parts = new float[2][complex.length / 2];
        for (int i = 0; i < complex.length; i++) {
            parts[i & 1][i / 2] = complex[i];
        }
        return parts;
    }
}
