package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// A convolution whose kernel is larger than its result: what the gradient of a convolution by its weights is. The input comes as (channels, …, samples), and
/// the cotangent, in place of the weights, as (outputs, …, samples); in memory the channels lie innermost.
///
/// It is a product of matrices: its rows are places of the result and input channels, its columns output channels, and its depth the positions of the
/// cotangent in all samples. Samples are summed up by eight threads at most, from their padded images, and these sums are added in order.
abstract class WeightGradient {
    private static final int PARTS = 8;

    /// Rows of the result that are taken together at most.
    static final int STRIP = 8;

    final Convolution convolution;
    final int spatial;
    final int outputs;
    final PaddedImage image;

    /// Sizes of the cotangent and the result, by spatial axis from 1 on.
    final int[] seen;

    private final int[] places;

    /// How far into the image each row of the result begins.
    final int[] starts;

    /// How many rows from each on begin next to each other.
    final int[] runs;

    private final int samples;
    private final int channels;

    WeightGradient(Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        this.convolution = convolution;
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

    /// @param kernel null for plain loops
    static WeightGradient of(
            @Nullable MicroKernel kernel, Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        return kernel == null
                ? new PlainWeightGradient(convolution, input, cotangent, output)
                : new PackedWeightGradient(kernel, convolution, input, cotangent, output);
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
        float[] sums = Scratch.floats(Scratch.Use.SHARED, parts * size);
        Workers.SHARED.run(parts, part -> {
            int first = part * samples / parts;
            int end = (part + 1) * samples / parts;
            sum(x, xAt, first, end, g, gAt + first * each, sums, part * size);
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

    /// Stores the share of samples `first` … `end - 1` to `sum`, of shape (…, channels, outputs), from element `sumAt` on.
    ///
    /// @param gAt where the cotangent of the first of them begins
    abstract void sum(float[] x, int xAt, int first, int end, float[] g, int gAt, float[] sum, int sumAt);

    final int product(int... sizes) {
        int product = 1;
        for (int d = 1; d <= spatial; d++) {
            product *= sizes[d];
        }
        return product;
    }

    /// How far apart in the image the first position and number `index` lie, which counts along the first `axes` spatial axes.
    final int distance(int index, int[] dims, Ints distances, int axes) {
        int rest = index;
        int distance = 0;
        for (int d = axes; d >= 1; d--) {
            distance += rest % dims[d] * distances.get(d - 1) * image.stride(d);
            rest /= dims[d];
        }
        return distance;
    }
}
