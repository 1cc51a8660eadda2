package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Convolution over any number of spatial axes, as a matrix product: for a block of output positions, the inputs that
/// each of them sees are laid out as the rows of a matrix, which is multiplied with the weights of a group.
final class Convolutions {
    /// Elements of a block of rows; it should stay in the second-level cache.
    private static final int BLOCK = 1 << 16;

    private Convolutions() {}

    static void run(Convolution kernel, Tensor input, Tensor weight, Tensor output) {
        if (output.shape().size() == 0) {
            return;
        }
        DType dtype = output.dtype();
        Geometry geometry = new Geometry(kernel, input, weight, output);
        Object target = Storage.array(output);
        int size = output.shape().size();
        Object x = Widened.contiguous(input);
        Object w = Widened.contiguous(weight);
        switch (dtype) {
            case FLOAT32, FLOAT64 -> geometry.convolve(x, w, target);
            case FLOAT16, BFLOAT16 -> {
                float[] result = new float[size];
                geometry.convolve(x, w, result);
                Conversions.narrow(dtype, result, target, 0, size);
            }
            case COMPLEX64 -> {
                float[][] xs = parts((float[]) x);
                float[][] ws = parts((float[]) w);
                float[] c = (float[]) target;
                float[][] products = new float[4][size];
                for (int i = 0; i < 4; i++) {
                    geometry.convolve(xs[i / 2], ws[i % 2], products[i]);
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

    private static float[][] parts(float[] complex) {
        float[][] parts = new float[2][complex.length / 2];
        for (int i = 0; i < complex.length; i++) {
            parts[i & 1][i / 2] = complex[i];
        }
        return parts;
    }

    /// Which input element each output position meets at each place of the kernel; all arrays are row-major.
    private static final class Geometry {
        private final Convolution kernel;
        private final int spatial;
        private final int[] in;
        private final int[] out;
        private final int[] size;
        private final int batch;
        private final int inChannels;
        private final int outChannels;
        private final int groupIn;
        private final int groupOut;
        private final int places;
        private final int positions;

        Geometry(Convolution kernel, Tensor input, Tensor weight, Tensor output) {
            this.kernel = kernel;
            spatial = input.shape().rank() - 2;
            in = new int[spatial];
            out = new int[spatial];
            size = new int[spatial];
            int places = 1;
            int positions = 1;
            for (int d = 0; d < spatial; d++) {
                in[d] = input.shape().dim(d + 1);
                out[d] = output.shape().dim(d + 1);
                size[d] = weight.shape().dim(d + 1);
                places *= size[d];
                positions *= out[d];
            }
            this.places = places;
            this.positions = positions;
            batch = input.shape().dim(0);
            inChannels = input.shape().dim(spatial + 1);
            outChannels = weight.shape().dim(0);
            groupIn = inChannels / kernel.groups();
            groupOut = outChannels / kernel.groups();
        }

        void convolve(Object x, Object w, Object target) {
            int depth = places * groupIn;
            int block = Math.min(Math.max(BLOCK / Math.max(depth, 1), 8), batch * positions);
            Object rows = like(x, block * depth);
            Object zeros = like(x, groupIn);
            int total = batch * positions;
            int[] position = new int[spatial];
            for (int group = 0; group < kernel.groups(); group++) {
                // The weights (out, depth) of the group, seen as (depth, out).
                Matrix weights = new Matrix(w, group * groupOut * depth, 1, depth);
                for (int start = 0; start < total; start += block) {
                    int count = Math.min(block, total - start);
                    for (int i = 0; i < count; i++) {
                        row(x, start + i, group * groupIn, position, rows, i * depth, zeros);
                    }
                    Matrix left = new Matrix(rows, 0, depth, 1);
                    int at = start * outChannels + group * groupOut;
                    if (target instanceof float[] floats) {
                        FloatGemm.multiply(count, groupOut, depth, left, weights, floats, at, outChannels);
                    } else {
                        DoubleGemm.multiply(count, groupOut, depth, left, weights, (double[]) target, at, outChannels);
                    }
                }
            }
        }

        private static Object like(Object array, int length) {
            return array instanceof float[] ? new float[length] : new double[length];
        }

        /// Lays out what output position number `index` sees.
        private void row(Object x, int index, int channel, int[] position, Object rows, int at, Object zeros) {
            int sample = index / positions;
            int rest = index % positions;
            for (int d = spatial - 1; d >= 0; d--) {
                position[d] = rest % out[d] * kernel.strides().get(d)
                        - kernel.padLow().get(d);
                rest /= out[d];
            }
            for (int place = 0; place < places; place++) {
                int from = source(place, sample, position);
                if (from >= 0) {
                    System.arraycopy(x, from * inChannels + channel, rows, at + place * groupIn, groupIn);
                } else {
                    System.arraycopy(zeros, 0, rows, at + place * groupIn, groupIn);
                }
            }
        }

        /// The number of the input pixel under a place of the kernel, or -1 where there is padding or a gap of the
        /// dilation.
        private int source(int place, int sample, int[] position) {
            int pixel = 0;
            int scale = 1;
            int rest = place;
            for (int d = spatial - 1; d >= 0; d--) {
                int k = rest % size[d];
                rest /= size[d];
                int offset = kernel.flip() ? size[d] - 1 - k : k;
                int at = position[d] + offset * kernel.kernelDilation().get(d);
                int dilation = kernel.inputDilation().get(d);
                if (at < 0 || at % dilation != 0 || at / dilation >= in[d]) {
                    return -1;
                }
                // A negative padding on the high side crops; the output's size already stops short of it.
                pixel += at / dilation * scale;
                scale *= in[d];
            }
            return sample * scale + pixel;
        }
    }
}
