package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// [WeightGradient] in tiles of a [MicroKernel]: some lines of a sample, or of a few samples, are packed at a time.
final class PackedWeightGradient extends WeightGradient {
    /// Positions of the cotangent that are packed at a time, so that they stay in the cache.
    private static final int MOST_POSITIONS = 256;

    private final MicroKernel kernel;
    private final int rows;
    private final int wide;

    PackedWeightGradient(MicroKernel kernel, Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        super(convolution, input, cotangent, output);
        this.kernel = kernel;
        rows = kernel.rows();
        wide = 2 * kernel.lanes();
    }

    @Override
    void sum(float[] x, int xAt, int first, int end, float[] g, int gAt, float[] sum, int sumAt) {
        int each = product(seen) * outputs;
        int most = Math.max(MOST_POSITIONS / product(seen), 1);
        Arrays.fill(sum, sumAt, sumAt + starts.length * outputs, 0);
        for (int sample = first; sample < end; sample += most) {
            int count = Math.min(most, end - sample);
            PaddedImage.Samples images = image.of(x, xAt, sample, count);
            add(images, count, g, gAt + (sample - first) * each, sum, sumAt);
        }
    }

    /// Adds the share of some samples to the sum, of shape (…, channels, outputs).
    private void add(PaddedImage.Samples images, int samples, float[] g, int gAt, float[] sum, int sumAt) {
        int width = seen[spatial];
        int each = product(seen) / width;
        int lines = samples * each;
        int most = Math.clamp(MOST_POSITIONS / width, 1, lines);
        int[] begins = new int[most];
        for (int line = 0; line < lines; line += most) {
            int count = Math.min(most, lines - line);
            for (int i = 0; i < count; i++) {
                int within = distance((line + i) % each, seen, convolution.kernelDilation(), spatial - 1);
                begins[i] = images.begin((line + i) / each) + within;
            }
            add(images.array(), begins, count, g, gAt + line * width * outputs, sum, sumAt);
        }
    }

    /// Adds the share of some lines.
    ///
    /// @param begins where in the images each line begins
    private void add(float[] padded, int[] begins, int count, float[] g, int gAt, float[] sum, int sumAt) {
        int width = seen[spatial];
        int depth = count * width;
        int blocks = (outputs + wide - 1) / wide;
        boolean packed = outputs == wide;
        float[] right = packed ? g : pack(g, gAt, depth, blocks);
        float[] left = Scratch.floats(Scratch.Use.LEFT, depth * STRIP);
        int step = convolution.kernelDilation().get(spatial - 1) * image.stride(spatial);
        for (int row = 0; row < starts.length; row += STRIP) {
            int tall = Math.min(STRIP, starts.length - row);
            boolean together = tall == STRIP && runs[row] >= STRIP;
            for (int i = 0; i < count; i++) {
                int to = i * width * STRIP;
                if (together) {
                    kernel.gather(padded, begins[i] + starts[row], step, STRIP, width, left, to, STRIP);
                } else {
                    for (int r = 0; r < tall; r++) {
                        spread(padded, begins[i] + starts[row + r], step, width, left, to + r);
                    }
                }
            }
            for (int block = 0; block < blocks; block++) {
                int from = packed ? gAt : block * depth * wide;
                int columns = Math.min(wide, outputs - block * wide);
                int to = sumAt + row * outputs + block * wide;
                for (int r = 0; r < tall; r += rows) {
                    tile(left, r, Math.min(rows, tall - r), right, from, columns, depth, sum, to + r * outputs);
                }
            }
        }
    }

    /// Stores elements as one row of a strip.
    private static void spread(float[] a, int from, int step, int n, float[] to, int at) {
        for (int p = 0; p < n; p++) {
            to[at + p * STRIP] = a[from + p * step];
        }
    }

    /// The cotangent's positions as rows of output channels, block by block.
    private float[] pack(float[] g, int gAt, int depth, int blocks) {
        float[] to = Scratch.floats(Scratch.Use.RIGHT, blocks * depth * wide);
        for (int block = 0; block < blocks; block++) {
            int columns = Math.min(wide, outputs - block * wide);
            if (columns < wide) {
                Arrays.fill(to, block * depth * wide, (block + 1) * depth * wide, 0);
            }
            kernel.gather(g, gAt + block * wide, outputs, columns, depth, to, block * depth * wide, wide);
        }
        return to;
    }

    /// Adds the product of a strip's rows from `r` on and packed columns to the sum.
    private void tile(
            float[] left, int r, int count, float[] right, int from, int columns, int depth, float[] sum, int to) {
        int tall = count <= 4 ? 4 : rows;
        int vectors = columns <= wide / 2 ? 1 : 2;
        if (count == tall && columns == vectors * wide / 2) {
            kernel.multiply(tall, vectors, left, r, 1, STRIP, right, from, wide, depth, sum, to, outputs, true);
            return;
        }
        float[] tile = Scratch.floats(Scratch.Use.TILE, rows * wide);
        kernel.multiply(tall, vectors, left, r, 1, STRIP, right, from, wide, depth, tile, 0, wide, false);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                sum[to + i * outputs + j] += tile[i * wide + j];
            }
        }
    }
}
