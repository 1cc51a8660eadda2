package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// A convolution whose kernel is larger than its result: what the gradient of a convolution by its weights is. The input comes as (channels, …, samples), and
/// the cotangent, in place of the weights, as (outputs, …, samples); in memory the channels lie innermost.
///
/// It is a product of matrices: its rows are places of the result and input channels, its columns output channels, and its depth the positions of the
/// cotangent in all samples. Some lines of a sample, or of a few samples, are packed at a time, from their padded images. Samples are summed up by eight
/// threads at most, whose sums are added in order.
final class WeightGradient {
    private static final int PARTS = 8;

    /// The rows that are packed together.
    private static final int STRIP = 8;

    /// Positions of the cotangent that are packed at a time, so that they stay in the cache.
    private static final int MOST_POSITIONS = 256;

    private final MicroKernel kernel;
    private final Convolution convolution;
    private final int rows;
    private final int wide;
    private final int spatial;
    private final int samples;
    private final int channels;
    private final int outputs;
    private final PaddedImage image;

    /// Sizes of the cotangent and the result, by spatial axis from 1 on.
    private final int[] seen;

    private final int[] places;

    /// How far into the image each row of the result begins.
    private final int[] starts;

    WeightGradient(MicroKernel kernel, Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        this.kernel = kernel;
        this.convolution = convolution;
        rows = kernel.rows();
        wide = 2 * kernel.lanes();
        spatial = convolution.strides().size();
        samples = input.shape().dim(spatial + 1);
        channels = input.shape().dim(0);
        outputs = cotangent.shape().dim(0);
        image = new PaddedImage(convolution, input, cotangent, output, channels, STRIP);
        seen = cotangent.shape().toArray();
        places = output.shape().toArray();
        starts = new int[product(places) * channels];
        for (int row = 0; row < starts.length; row++) {
            starts[row] = distance(row / channels, places, convolution.strides(), spatial) + row % channels;
        }
    }

    /// True if this way of computing is the better one.
    static boolean suits(Convolution convolution, Tensor weight, Tensor output) {
        int spatial = convolution.strides().size();
        long seen = 1;
        long places = 1;
        for (int d = 1; d <= spatial; d++) {
            seen *= weight.shape().dim(d);
            places *= output.shape().dim(d);
        }
        return convolution.groups() == 1 && !convolution.flip() && seen > places;
    }

    /// Stores the result, of shape (channels, …, outputs).
    ///
    /// @param x the input as (samples, …, channels), row-major from element `xAt` on
    /// @param g the cotangent as (samples, …, outputs), row-major from element `gAt` on
    void run(float[] x, int xAt, float[] g, int gAt, float[] target) {
        int size = starts.length * outputs;
        int each = product(seen) * outputs;
        int parts = Math.clamp(samples, 1, PARTS);
        int most = Math.max(MOST_POSITIONS / product(seen), 1);
        float[] sums = Scratch.floats(Scratch.Use.SHARED, parts * size);
        Workers.SHARED.run(parts, part -> {
            Arrays.fill(sums, part * size, (part + 1) * size, 0);
            int end = (part + 1) * samples / parts;
            for (int sample = part * samples / parts; sample < end; sample += most) {
                int count = Math.min(most, end - sample);
                PaddedImage.Samples images = image.of(x, xAt, sample, count);
                add(images, count, g, gAt + sample * each, sums, part * size);
            }
        });
        int count = product(places);
        int grain = (starts.length + PARTS - 1) / PARTS;
        Workers.SHARED.run((starts.length + grain - 1) / grain, part -> {
            for (int row = part * grain; row < Math.min((part + 1) * grain, starts.length); row++) {
                int to = (row % channels * count + row / channels) * outputs;
                total(sums, row * outputs, size, parts, target, to);
            }
        });
    }

    /// Stores the totals of a row.
    private void total(float[] sums, int from, int size, int parts, float[] target, int to) {
        for (int o = 0; o < outputs; o++) {
            double total = 0;
            for (int part = 0; part < parts; part++) {
                total += sums[part * size + from + o];
            }
            target[to + o] = (float) total;
        }
    }

    private int product(int... sizes) {
        int product = 1;
        for (int d = 1; d <= spatial; d++) {
            product *= sizes[d];
        }
        return product;
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
            boolean together = tall == STRIP && starts[row + tall - 1] - starts[row] == tall - 1;
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

    /// How far apart in the image the first position and number `index` lie, which counts along the first `axes` spatial axes.
    private int distance(int index, int[] dims, Ints distances, int axes) {
        int rest = index;
        int distance = 0;
        for (int d = axes; d >= 1; d--) {
            distance += rest % dims[d] * distances.get(d - 1) * image.stride(d);
            rest /= dims[d];
        }
        return distance;
    }
}
