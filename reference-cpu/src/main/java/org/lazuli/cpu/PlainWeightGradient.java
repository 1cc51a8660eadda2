package org.lazuli.cpu;

import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// [WeightGradient] by plain loops: the product of the cotangent, whose rows are output channels here, and of what the result's places and channels see at each
/// position.
final class PlainWeightGradient extends WeightGradient {
    /// Runs that are copied one by one.
    private static final int SHORT_RUN = 8;

    PlainWeightGradient(Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        super(convolution, input, cotangent, output);
    }

    @Override
    void sum(float[] x, int xAt, int first, int end, float[] g, int gAt, float[] sum, int sumAt) {
        int each = product(seen);
        int step = convolution.kernelDilation().get(spatial - 1) * image.stride(spatial);
        FloatGemm.Source seenFrom = (position, depth, row, count, to) -> {
            int sample = position / each;
            int last = (position + depth - 1) / each;
            PaddedImage.Samples images = image.of(x, xAt, first + sample, last - sample + 1);
            for (int p = 0; p < depth; p++) {
                int line = (position + p) % each / seen[spatial];
                int at = images.begin((position + p) / each - sample)
                        + distance(line, seen, convolution.kernelDilation(), spatial - 1)
                        + (position + p) % seen[spatial] * step;
                see(images.array(), at, row, count, to[p]);
            }
        };
        Matrix cotangent = new Matrix(g, gAt, 1, outputs);
        int depth = (end - first) * each;
        for (int row = 0; row < starts.length; row += FloatGemm.COLUMNS) {
            int count = Math.min(FloatGemm.COLUMNS, starts.length - row);
            FloatGemm.block(outputs, depth, cotangent, seenFrom, row, count, sum, sumAt + row * outputs, 1, outputs);
        }
    }

    /// Stores what `count` rows of the result from `row` on see from a position.
    private void see(float[] images, int at, int row, int count, float[] to) {
        for (int i = 0; i < count; ) {
            int start = starts[row + i];
            int run = Math.min(runs[row + i], count - i);
            if (run < SHORT_RUN) {
                for (int j = 0; j < run; j++) {
                    to[i + j] = images[at + start + j];
                }
            } else {
                System.arraycopy(images, at + start, to, i, run);
            }
            i += run;
        }
    }
}
