package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// A convolution whose kernel is larger than its result: what the gradient of a convolution by its weights is. The input comes as (channels, …, samples), and
/// the cotangent, in place of the weights, as (outputs, …, samples); in memory the channels lie innermost.
///
/// The rows of a tile are places of the result and input channels, its columns output channels, and the depth is a line of the cotangent: all of them
/// are read where they lie in the padded image of a sample. Samples are summed up by eight threads at most, whose sums are added in order.
final class WeightGradient {
    private static final int PARTS = 8;

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

    /// Places of the result that lie next to each other in the image, and are rows of a tile together.
    private final int joined;

    WeightGradient(MicroKernel kernel, Convolution convolution, Tensor input, Tensor cotangent, Tensor output) {
        this.kernel = kernel;
        this.convolution = convolution;
        rows = kernel.rows();
        wide = 2 * kernel.lanes();
        spatial = convolution.strides().size();
        samples = input.shape().dim(spatial + 1);
        channels = input.shape().dim(0);
        outputs = cotangent.shape().dim(0);
        image = new PaddedImage(convolution, input, cotangent, output, channels, rows);
        seen = cotangent.shape().toArray();
        places = output.shape().toArray();
        joined = convolution.strides().get(spatial - 1) == 1 ? places[spatial] : 1;
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
        int count = product(places);
        int each = product(seen) * outputs;
        int parts = Math.clamp(samples, 1, PARTS);
        float[][] sums = new float[parts][];
        Workers.SHARED.run(parts, part -> {
            float[] sum = new float[count * channels * outputs];
            for (int sample = part * samples / parts; sample < (part + 1) * samples / parts; sample++) {
                add(image.of(x, xAt, sample), g, gAt + sample * each, sum);
            }
            sums[part] = sum;
        });
        for (int channel = 0; channel < channels; channel++) {
            for (int place = 0; place < count; place++) {
                int from = (place * channels + channel) * outputs;
                int to = (channel * count + place) * outputs;
                for (int o = 0; o < outputs; o++) {
                    double total = 0;
                    for (float[] sum : sums) {
                        total += sum[from + o];
                    }
                    target[to + o] = (float) total;
                }
            }
        }
    }

    private int product(int... sizes) {
        int product = 1;
        for (int d = 1; d <= spatial; d++) {
            product *= sizes[d];
        }
        return product;
    }

    /// Adds one sample's share to `sum`, of shape (…, channels, outputs).
    private void add(float[] padded, float[] g, int gAt, float[] sum) {
        int tall = joined * channels;
        int strips = product(places) / joined;
        int[] dims = places.clone();
        dims[spatial] /= joined;
        float[] tile = new float[rows * wide];
        float[] line = new float[seen[spatial] * wide];
        for (int strip = 0; strip < strips; strip++) {
            int start = distance(strip, dims, convolution.strides(), spatial);
            for (int o = 0; o < outputs; o += wide) {
                for (int r = 0; r < tall; r += rows) {
                    int to = (strip * tall + r) * outputs + o;
                    tile(
                            padded,
                            start + r,
                            Math.min(rows, tall - r),
                            g,
                            gAt + o,
                            Math.min(wide, outputs - o),
                            sum,
                            to,
                            tile,
                            line);
                }
            }
        }
    }

    /// Adds the lines of the cotangent to some rows and columns of the sum.
    private void tile(
            float[] padded,
            int start,
            int count,
            float[] g,
            int gAt,
            int columns,
            float[] sum,
            int to,
            float[] tile,
            float[] line) {
        int width = seen[spatial];
        int lines = product(seen) / width;
        int step = convolution.kernelDilation().get(spatial - 1) * image.stride(spatial);
        int tall = count <= 4 ? 4 : rows;
        int vectors = columns <= wide / 2 ? 1 : 2;
        boolean fits = columns == vectors * wide / 2;
        boolean whole = fits && count == tall;
        if (!whole) {
            Arrays.fill(tile, 0);
        }
        for (int i = 0; i < lines; i++) {
            int from = start + distance(i, seen, convolution.kernelDilation(), spatial - 1);
            int gLine = gAt + i * width * outputs;
            if (!fits) {
                for (int x = 0; x < width; x++) {
                    System.arraycopy(g, gLine + x * outputs, line, x * wide, columns);
                }
            }
            kernel.multiply(
                    tall,
                    vectors,
                    padded,
                    from,
                    1,
                    step,
                    fits ? g : line,
                    fits ? gLine : 0,
                    fits ? outputs : wide,
                    width,
                    whole ? sum : tile,
                    whole ? to : 0,
                    whole ? outputs : wide,
                    true);
        }
        for (int r = 0; !whole && r < count; r++) {
            for (int j = 0; j < columns; j++) {
                sum[to + r * outputs + j] += tile[r * wide + j];
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
