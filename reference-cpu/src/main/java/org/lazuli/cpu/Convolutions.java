package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Convolution over any number of spatial axes, as a matrix product: the weights (out, depth) of a group times the
/// matrix (depth, positions) of what each output position sees, where depth counts the places of the kernel and their
/// channels. That matrix is never stored: the product asks for it block by block, and [Patches] reads it from the
/// input. Convolutions of floats go more direct ways: all that are gradients by weights ([WeightGradient]), and with the Vector API the others too
/// ([BatchConvolution], [DirectConvolution]).
final class Convolutions {
    private final FloatGemm floats;
    private final @Nullable MicroKernel kernel;

    /// @param vectors what convolutions of floats are computed with; null for plain loops
    Convolutions(FloatGemm floats, @Nullable VectorSupport vectors) {
        this.floats = floats;
        this.kernel = vectors == null ? null : vectors.micro();
    }

    void run(Convolution kernel, Tensor input, Tensor weight, Tensor output) {
        if (output.shape().size() == 0) {
            return;
        }
        DType dtype = output.dtype();
        Object target = Storage.array(output);
        int size = output.shape().size();
        switch (dtype) {
            case FLOAT32 -> floats(kernel, input, weight, output, (float[]) target);
            case FLOAT64 ->
                convolve(
                        new Patches(kernel, input, weight, output),
                        (double[]) Widened.contiguous(input),
                        Widened.contiguous(weight),
                        (double[]) target);
            case FLOAT16, BFLOAT16 -> {
                float[] result = new float[size];
                floats(kernel, input, weight, output, result);
                Conversions.narrow(dtype, result, target, 0, size);
            }
            case COMPLEX64 -> {
                Patches patches = new Patches(kernel, input, weight, output);
                float[][] xs = parts((float[]) Widened.contiguous(input));
                float[][] ws = parts((float[]) Widened.contiguous(weight));
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

    /// Stores a convolution of numbers that are computed in float.
    private void floats(Convolution convolution, Tensor input, Tensor weight, Tensor output, float[] target) {
        MicroKernel fast = kernel;
        long work = (long) output.shape().size()
                * (weight.shape().size() / output.shape().dim(-1));
        int spatial = convolution.strides().size();
        if (work >= FloatGemm.VECTOR_WORK && WeightGradient.suits(convolution, weight, output)) {
            Elements x = Elements.of(input, samplesFirst(spatial));
            Elements g = Elements.of(weight, samplesFirst(spatial));
            WeightGradient.of(fast, convolution, input, weight, output).run(x.array, x.at, g.array, g.at, target);
            return;
        }
        if (fast == null || work < FloatGemm.VECTOR_WORK) {
            Patches patches = new Patches(convolution, input, weight, output);
            convolve(patches, (float[]) Widened.contiguous(input), Widened.contiguous(weight), target);
            return;
        }
        Elements x = Elements.of(input, Ints.range(0, spatial + 2));
        Elements w = Elements.of(weight, Ints.range(0, spatial + 2));
        if (BatchConvolution.suits(fast, convolution, input, weight, output)) {
            new BatchConvolution(fast, convolution, input, weight, output).run(x.array, x.at, w, target);
            return;
        }
        new DirectConvolution(fast).run(convolution, input, weight, output, x, w, target);
    }

    /// The order of axes that puts the samples, which come last, first, and the channels last.
    private static Ints samplesFirst(int spatial) {
        int[] axes = new int[spatial + 2];
        axes[0] = spatial + 1;
        for (int d = 1; d <= spatial; d++) {
            axes[d] = d;
        }
        return Ints.of(axes);
    }

    /// Numbers in row-major order of some axes: in place if they lie so, else copied and widened.
    ///
    /// @param at where they begin
    record Elements(float[] array, int at) {
        static Elements of(Tensor tensor, Ints axes) {
            Layout layout = Layout.of(tensor, axes);
            if (tensor.dtype() == DType.FLOAT32 && layout.isContiguous()) {
                return new Elements((float[]) Storage.array(tensor), layout.offset());
            }
            float[] copy = new float[tensor.shape().size()];
            new TileReader(tensor, layout).read(0, copy.length, copy);
            return new Elements(copy, 0);
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
