package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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

    /// Runs that are copied one by one.
    private static final int SHORT_RUN = 8;

    /// Positions of the cotangent that are packed at a time, so that they stay in the cache.
    private static final int MOST_POSITIONS = 256;

    /// Null for plain loops.
    private final @Nullable MicroKernel kernel;

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

    /// How many rows from each on begin next to each other.
    private final int[] runs;

    WeightGradient(
            @Nullable MicroKernel kernel, Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        this.kernel = kernel;
        this.convolution = convolution;
        rows = kernel == null ? 0 : kernel.rows();
        wide = kernel == null ? 0 : 2 * kernel.lanes();
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
        runs = new int[starts.length];
        for (int row = starts.length - 1; row >= 0; row--) {
            boolean last = row == starts.length - 1 || starts[row + 1] != starts[row] + 1;
            runs[row] = last ? 1 : 1 + runs[row + 1];
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
        MicroKernel fast = kernel;
        Workers.SHARED.run(parts, part -> {
            int first = part * samples / parts;
            int end = (part + 1) * samples / parts;
            if (fast == null) {
                plain(x, xAt, first, end, g, gAt + first * each, sums, part * size);
                return;
            }
            Arrays.fill(sums, part * size, (part + 1) * size, 0);
            for (int sample = first; sample < end; sample += most) {
                int count = Math.min(most, end - sample);
                PaddedImage.Samples images = image.of(x, xAt, sample, count);
                add(fast, images, count, g, gAt + sample * each, sums, part * size);
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

    /// Stores the share of samples `first` … `end - 1` as the product of the cotangent, whose rows are output channels here, and of what the result's places
    /// and channels see at each position.
    private void plain(float[] x, int xAt, int first, int end, float[] g, int gAt, float[] sum, int sumAt) {
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

    /// Adds the share of some samples to the sum, of shape (…, channels, outputs).
    private void add(
            MicroKernel kernel, PaddedImage.Samples images, int samples, float[] g, int gAt, float[] sum, int sumAt) {
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
            add(kernel, images.array(), begins, count, g, gAt + line * width * outputs, sum, sumAt);
        }
    }

    /// Adds the share of some lines.
    ///
    /// @param begins where in the images each line begins
    private void add(
            MicroKernel kernel, float[] padded, int[] begins, int count, float[] g, int gAt, float[] sum, int sumAt) {
        int width = seen[spatial];
        int depth = count * width;
        int blocks = (outputs + wide - 1) / wide;
        boolean packed = outputs == wide;
        float[] right = packed ? g : pack(kernel, g, gAt, depth, blocks);
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
                    tile(kernel, left, r, Math.min(rows, tall - r), right, from, columns, depth, sum, to + r * outputs);
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
    private float[] pack(MicroKernel kernel, float[] g, int gAt, int depth, int blocks) {
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
            MicroKernel kernel,
            float[] left,
            int r,
            int count,
            float[] right,
            int from,
            int columns,
            int depth,
            float[] sum,
            int to) {
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
