package org.lazuli.cpu;

import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Convolution of a batch of floats by a [MicroKernel], along one or two axes: the same output position of eight samples by as many output channels
/// as a tile is wide.
///
/// All rows of such a tile see the same part of the kernel, so what lies outside the image is left out rather than multiplied by zero, and the input is
/// read where it lies. The lines of the kernel that a position sees follow each other in registers.
final class BatchConvolution {
    /// Multiplications to a part: some tens of microseconds.
    private static final long GRAIN = 1 << 20;

    /// Samples that lie at a multiple of this many floats share their place in the cache.
    private static final int ALIASED = 1024;

    private final MicroKernel kernel;
    private final Convolution convolution;
    private final int rows;
    private final int wide;
    private final int samples;

    /// Sizes of the input, the weights and the output; 1 for the first of two axes where there is one.
    private final int[] in;

    private final int[] size;
    private final int[] out;
    private final int channels;
    private final int outputs;

    BatchConvolution(MicroKernel kernel, Convolution convolution, Tensor input, Tensor weight, Tensor output) {
        this.kernel = kernel;
        this.convolution = convolution;
        rows = kernel.rows();
        wide = 2 * kernel.lanes();
        int spatial = convolution.strides().size();
        samples = input.shape().dim(0);
        channels = input.shape().dim(-1);
        outputs = output.shape().dim(-1);
        in = plane(input, spatial);
        size = plane(weight, spatial);
        out = plane(output, spatial);
    }

    private static int[] plane(Tensor tensor, int spatial) {
        return new int[] {
            spatial == 1 ? 1 : tensor.shape().dim(1), tensor.shape().dim(spatial)
        };
    }

    /// True if this way of computing is possible and better than one sample after the other.
    static boolean suits(MicroKernel kernel, Convolution convolution, Tensor input, Tensor weight, Tensor output) {
        int spatial = convolution.strides().size();
        boolean plain = kernel.lanes() != 8
                && spatial <= 2
                && convolution.groups() == 1
                && (weight.shape().dim(spatial) == 1
                        || convolution.kernelDilation().get(spatial - 1) == 1);
        for (int d = 0; d < spatial; d++) {
            plain &= convolution.inputDilation().get(d) == 1;
        }
        int samples = input.shape().dim(0);
        int wide = 2 * kernel.lanes();
        int outputs = output.shape().dim(-1);
        int computed = (outputs + wide - 1) / wide * wide;
        return plain
                && samples >= 8
                && computed <= outputs + outputs / 4
                && input.shape().size() / samples % ALIASED != 0;
    }

    /// Stores the convolution.
    ///
    /// @param x the input in row-major order from element `xAt` on
    /// @param w the weights in row-major order
    void run(float[] x, int xAt, Convolutions.Elements w, float[] target) {
        int depth = size[0] * size[1] * channels;
        float[] panels = pack(w, depth);
        int groups = (samples + rows - 1) / rows;
        int grain = Math.clamp(GRAIN / ((long) out[1] * outputs * depth * rows), 1, out[0]);
        int pieces = (out[0] + grain - 1) / grain;
        Workers.SHARED.run(groups * pieces, part -> {
            // The last eight samples may have some in common with those before: what is computed twice is the same.
            int sample = Math.min(part / pieces * rows, samples - rows);
            int from = part % pieces * grain;
            for (int y = from; y < Math.min(from + grain, out[0]); y++) {
                line(x, xAt, panels, sample, y, target);
            }
        });
    }

    /// The weights as rows of output channels, in the order in which a position sees the input; a panel for each block of channels.
    private float[] pack(Convolutions.Elements w, int depth) {
        int blocks = (outputs + wide - 1) / wide;
        float[] to = Scratch.floats(Scratch.Use.SHARED, blocks * depth * wide);
        int spaces = size[0] * size[1];
        for (int block = 0; block < blocks; block++) {
            int first = block * wide;
            int lines = Math.min(wide, outputs - first);
            for (int space = 0; space < spaces; space++) {
                // Reversed along every axis is reversed as a whole.
                int from = convolution.flip() ? spaces - 1 - space : space;
                int at = (block * depth + space * channels) * wide;
                kernel.transpose(
                        w.array(), w.at() + first * depth + from * channels, depth, lines, channels, to, at, wide);
            }
        }
        return to;
    }

    /// Computes a line of output positions of eight samples.
    private void line(float[] x, int xAt, float[] panels, int sample, int y, float[] target) {
        int spatial = convolution.strides().size();
        int depth = size[0] * size[1] * channels;
        int stride = spatial == 1 ? 1 : convolution.strides().get(0);
        int dilation = spatial == 1 ? 1 : convolution.kernelDilation().get(0);
        int top = spatial == 1 ? 0 : y * stride - convolution.padLow().get(0);
        int firstLine = first(top, dilation);
        int lines = Math.max(end(top, dilation, in[0], size[0]) - firstLine, 0);
        int across = convolution.strides().get(spatial - 1);
        int each = in[0] * in[1] * channels;
        int eachOut = out[0] * out[1] * outputs;
        for (int position = 0; position < out[1]; position++) {
            int left = position * across - convolution.padLow().get(spatial - 1);
            int firstColumn = first(left, 1);
            int run = Math.max(end(left, 1, in[1], size[1]) - firstColumn, 0) * channels;
            int from = xAt + sample * each + ((top + firstLine * dilation) * in[1] + left + firstColumn) * channels;
            int to = sample * eachOut + (y * out[1] + position) * outputs;
            for (int block = 0; block < outputs; block += wide) {
                int panel = block * depth + (firstLine * size[1] + firstColumn) * channels * wide;
                int columns = Math.min(wide, outputs - block);
                boolean whole = columns == wide;
                float[] tile = whole ? target : Scratch.floats(Scratch.Use.TILE, rows * wide);
                kernel.lines(
                        x,
                        from,
                        each,
                        dilation * in[1] * channels,
                        panels,
                        panel,
                        size[1] * channels * wide,
                        run == 0 ? 0 : lines,
                        run,
                        tile,
                        whole ? to + block : 0,
                        whole ? eachOut : wide);
                for (int r = 0; !whole && r < rows; r++) {
                    System.arraycopy(tile, r * wide, target, to + r * eachOut + block, columns);
                }
            }
        }
    }

    /// The first place of the kernel that lies in the image, if its first place is at `at`, and the one behind the last.
    private static int first(int at, int dilation) {
        return at >= 0 ? 0 : (-at + dilation - 1) / dilation;
    }

    private static int end(int at, int dilation, int length, int places) {
        return Math.min((length - at + dilation - 1) / dilation, places);
    }
}
