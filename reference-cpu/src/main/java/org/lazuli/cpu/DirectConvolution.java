package org.lazuli.cpu;

import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Convolution of floats by a [MicroKernel], without a matrix of patches: eight neighbouring output positions by as many output channels as a
/// tile is wide. What these positions see at one line of the kernel lies at equal distances in the padded image, and is read there.
///
/// Where a line of the kernel has only a few elements, as with one input channel, the patches of one line of positions are put together first, since the
/// elements of a tile would otherwise be loaded and stored too often.
final class DirectConvolution {
    /// Elements of a line of the kernel that are worth a pass over the tile.
    private static final int SHORT = 24;

    /// Multiplications to a part: some tens of microseconds.
    private static final long GRAIN = 1 << 20;

    private final MicroKernel kernel;
    private final int rows;
    private final int wide;

    DirectConvolution(MicroKernel kernel) {
        this.kernel = kernel;
        this.rows = kernel.rows();
        this.wide = 2 * kernel.lanes();
    }

    /// Stores a convolution of floats, not empty.
    ///
    /// @param x the input in row-major order
    /// @param w the weights in row-major order
    void run(
            Convolution convolution,
            Tensor input,
            Tensor weight,
            Tensor output,
            Convolutions.Elements x,
            Convolutions.Elements w,
            float[] target) {
        Call call = new Call(convolution, input, weight, output, w);
        int lines = call.lines;
        long work = (long) call.width * call.outChannels * call.depth;
        int grain = Math.clamp(GRAIN / work, 1, lines);
        int samples = output.shape().dim(0);
        if (samples > 1 && grain >= lines) {
            Workers.SHARED.run(samples, sample -> {
                float[] image = call.image.of(x.array(), x.at(), sample);
                call.lines(image, sample, 0, lines, target);
            });
            return;
        }
        for (int i = 0; i < samples; i++) {
            int sample = i;
            float[] image = call.image.of(x.array(), x.at(), sample);
            Workers.SHARED.run((lines + grain - 1) / grain, part -> {
                call.lines(image, sample, part * grain, Math.min((part + 1) * grain, lines), target);
            });
        }
    }

    /// What is the same for all samples.
    private final class Call {
        final PaddedImage image;
        final int outChannels;

        /// Multiplications for one element of the result.
        final int depth;

        /// Lines of output positions in a sample, and positions in a line.
        final int lines;

        final int width;
        private final int groups;
        private final int groupIn;
        private final int groupOut;
        private final int[] out;
        private final Ints strides;

        /// Distances in the padded image from what a position sees first to what it sees at each line of the kernel.
        private final int[] places;

        /// How many elements the kernel sees at each of these.
        private final int run;

        private final float[] panels;
        private final int blocks;

        Call(Convolution convolution, Tensor input, Tensor weight, Tensor output, Convolutions.Elements w) {
            int spatial = convolution.strides().size();
            groups = convolution.groups();
            outChannels = output.shape().dim(-1);
            groupOut = outChannels / groups;
            groupIn = input.shape().dim(-1) / groups;
            depth = weight.shape().size() / outChannels;
            out = output.shape().toArray();
            width = out[spatial];
            lines = output.shape().size() / outChannels / width / out[0];
            strides = convolution.strides();
            image = new PaddedImage(convolution, input, weight, output, groups * groupIn, rows);
            int last = weight.shape().dim(spatial);
            boolean joined =
                    groups == 1 && (last == 1 || convolution.kernelDilation().get(spatial - 1) == 1);
            run = joined ? last * groupIn : groupIn;
            places = places(convolution, weight, joined ? 1 : last);
            blocks = (groupOut + wide - 1) / wide;
            panels = pack(convolution, w);
        }

        private int[] places(Convolution convolution, Tensor weight, int last) {
            int spatial = convolution.strides().size();
            int[] dims = weight.shape().toArray();
            dims[spatial] = last;
            int count = 1;
            for (int d = 1; d <= spatial; d++) {
                count *= dims[d];
            }
            int[] result = new int[count];
            for (int i = 0; i < count; i++) {
                int rest = i;
                for (int d = spatial; d >= 1; d--) {
                    result[i] += rest % dims[d] * convolution.kernelDilation().get(d - 1) * image.stride(d);
                    rest /= dims[d];
                }
            }
            return result;
        }

        /// The weights as rows of output channels, in the order in which a position sees the input; a panel for each block of channels.
        private float[] pack(Convolution convolution, Convolutions.Elements w) {
            int spaces = depth / groupIn;
            float[] to = new float[groups * blocks * depth * wide];
            for (int channel = 0; channel < outChannels; channel++) {
                int within = channel % groupOut;
                int at = (channel / groupOut * blocks + within / wide) * depth * wide + within % wide;
                for (int space = 0; space < spaces; space++) {
                    // Reversed along every axis is reversed as a whole.
                    int from = channel * depth + (convolution.flip() ? spaces - 1 - space : space) * groupIn;
                    for (int c = 0; c < groupIn; c++) {
                        to[at + (space * groupIn + c) * wide] = w.array()[w.at() + from + c];
                    }
                }
            }
            return to;
        }

        /// Computes lines `from` … `to - 1` of a sample.
        void lines(float[] padded, int sample, int from, int to, float[] target) {
            boolean gathered = run < SHORT && places.length > 1;
            float[] patches = new float[gathered ? (width + rows) * depth : 0];
            float[] tile = new float[rows * wide];
            int step = strides.get(strides.size() - 1) * image.stride(strides.size());
            for (int line = from; line < to; line++) {
                int start = start(line);
                int result = (sample * lines + line) * width * outChannels;
                for (int group = 0; group < groups; group++) {
                    int first = start + group * groupIn;
                    int into = result + group * groupOut;
                    if (gathered) {
                        for (int x = 0; x < width; x++) {
                            for (int place = 0; place < places.length; place++) {
                                System.arraycopy(
                                        padded,
                                        first + x * step + places[place],
                                        patches,
                                        x * depth + place * run,
                                        run);
                            }
                        }
                        line(patches, 0, depth, new int[1], depth, group, target, into, tile);
                    } else {
                        line(padded, first, step, places, run, group, target, into, tile);
                    }
                }
            }
        }

        /// Where the first position of a line begins to see the image.
        private int start(int line) {
            int rest = line;
            int start = 0;
            for (int d = strides.size() - 1; d >= 1; d--) {
                start += rest % out[d] * strides.get(d - 1) * image.stride(d);
                rest /= out[d];
            }
            return start;
        }

        private void line(
                float[] a, int start, int step, int[] at, int run, int group, float[] c, int into, float[] tile) {
            for (int block = 0; block < blocks; block++) {
                int columns = Math.min(wide, groupOut - block * wide);
                int vectors = columns <= wide / 2 ? 1 : 2;
                int panel = (group * blocks + block) * depth * wide;
                for (int x = 0; x < width; x += rows) {
                    int count = Math.min(rows, width - x);
                    int tall = count <= 4 ? 4 : rows;
                    int position = into + x * outChannels + block * wide;
                    boolean whole = count == tall && columns == vectors * wide / 2;
                    float[] to = whole ? c : tile;
                    int toAt = whole ? position : 0;
                    int toRow = whole ? outChannels : wide;
                    for (int i = 0; i < at.length; i++) {
                        int from = start + x * step + at[i];
                        kernel.multiply(
                                tall,
                                vectors,
                                a,
                                from,
                                step,
                                1,
                                panels,
                                panel + i * run * wide,
                                wide,
                                run,
                                to,
                                toAt,
                                toRow,
                                i > 0);
                    }
                    for (int r = 0; !whole && r < count; r++) {
                        System.arraycopy(tile, r * wide, c, position + r * outChannels, columns);
                    }
                }
            }
        }
    }
}
