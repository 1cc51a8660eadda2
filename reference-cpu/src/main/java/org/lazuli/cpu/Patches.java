package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// Which input element each output position of a convolution meets at each place of the kernel. Input and weights are
/// row-major.
///
/// Output positions are numbered over all samples. Those that follow each other along the last spatial axis see input
/// elements at equal distances, so a line of them is read as one run, with zeros where it is outside.
final class Patches {
    final int groups;
    final int groupIn;
    final int groupOut;
    final int outChannels;

    /// Places of the kernel times the channels of a group.
    final int depth;

    /// Output positions of all samples.
    final int positions;

    private final Convolution kernel;
    private final int spatial;
    private final int inChannels;
    private final int[] in;
    private final int[] out;
    private final int[] size;

    Patches(Convolution kernel, Tensor input, Tensor weight, Tensor output) {
        this.kernel = kernel;
        spatial = input.shape().rank() - 2;
        groups = kernel.groups();
        inChannels = input.shape().dim(spatial + 1);
        outChannels = weight.shape().dim(0);
        groupIn = inChannels / groups;
        groupOut = outChannels / groups;
        in = input.shape().toArray();
        out = output.shape().toArray();
        size = weight.shape().toArray();
        depth = weight.shape().size() / outChannels;
        positions = output.shape().size() / outChannels;
    }

    /// The weights of a group as a matrix (out, depth).
    Matrix weights(Object array, int group) {
        return new Matrix(array, group * groupOut * depth, depth, 1);
    }

    /// Stores what the output positions from `column` on see at the places and channels from `row` on, a row for each
    /// of those.
    ///
    /// @param rows arrays of the type of `x`
    void read(Object x, int channel, int row, int depth, int column, int columns, Object[] rows) {
        int length = out[spatial];
        int[] offsets = new int[spatial + 1];
        int[] line = new int[spatial];
        for (int r = 0; r < depth; ) {
            int first = (row + r) % groupIn;
            int channels = Math.min(groupIn - first, depth - r);
            int place = (row + r) / groupIn;
            for (int d = spatial; d >= 1; d--) {
                offsets[d] = offset(place % size[d], d);
                place /= size[d];
            }
            locate(column / length, line);
            for (int done = 0; done < columns; ) {
                int position = (column + done) % length;
                int run = Math.min(length - position, columns - done);
                int start = start(line, offsets);
                if (start < 0) {
                    for (int c = 0; c < channels; c++) {
                        zero(rows[r + c], done, done + run);
                    }
                } else {
                    int at = start * inChannels + channel + first;
                    readLine(x, at, offsets[spatial], position, run, rows, r, channels, done);
                }
                done += run;
                advance(line);
            }
            r += channels;
        }
    }

    /// The sample and the outer spatial coordinates of a line of output positions.
    private void locate(int number, int[] line) {
        for (int d = spatial - 1; d >= 1; d--) {
            line[d] = number % out[d];
            number /= out[d];
        }
        line[0] = number;
    }

    private void advance(int[] line) {
        for (int d = spatial - 1; d >= 1; d--) {
            if (++line[d] < out[d]) {
                return;
            }
            line[d] = 0;
        }
        line[0]++;
    }

    /// The number of the input pixel that the line's coordinate 0 on the last axis has, or -1 if another axis is
    /// outside.
    private int start(int[] line, int[] offsets) {
        int from = line[0];
        for (int d = 1; d < spatial; d++) {
            int coordinate = line[d] * kernel.strides().get(d - 1) + offsets[d];
            int dilation = kernel.inputDilation().get(d - 1);
            if (coordinate < 0 || coordinate % dilation != 0 || coordinate / dilation >= in[d]) {
                return -1;
            }
            from = from * in[d] + coordinate / dilation;
        }
        return from * in[spatial];
    }

    /// One line of output positions at one place of the kernel, each channel to a row of its own.
    private void readLine(
            Object x, int start, int offset, int first, int run, Object[] rows, int r, int channels, int at) {
        int stride = kernel.strides().get(spatial - 1);
        int dilation = kernel.inputDilation().get(spatial - 1);
        if (dilation == 1) {
            // Positions whose element lies before the input, within, and behind.
            int before = Math.clamp(ceilDivide(-offset, stride) - first, 0, run);
            int within = Math.clamp(ceilDivide(in[spatial] - offset, stride) - first, before, run);
            int element = start + ((first + before) * stride + offset) * inChannels;
            for (int c = 0; c < channels; c++) {
                Object to = rows[r + c];
                zero(to, at, at + before);
                if (within > before) {
                    Runs.copy(x, element + c, stride * inChannels, to, at + before, 1, within - before, 1);
                }
                zero(to, at + within, at + run);
            }
            return;
        }
        for (int i = 0; i < run; i++) {
            int coordinate = (first + i) * stride + offset;
            boolean outside = coordinate < 0 || coordinate % dilation != 0 || coordinate / dilation >= in[spatial];
            for (int c = 0; c < channels; c++) {
                if (outside) {
                    zero(rows[r + c], at + i, at + i + 1);
                } else {
                    int element = start + coordinate / dilation * inChannels + c;
                    System.arraycopy(x, element, rows[r + c], at + i, 1);
                }
            }
        }
    }

    /// How far a place of the kernel lies from the output position, along one axis, in the padded and dilated input.
    private int offset(int place, int axis) {
        int k = kernel.flip() ? size[axis] - 1 - place : place;
        return k * kernel.kernelDilation().get(axis - 1) - kernel.padLow().get(axis - 1);
    }

    private static int ceilDivide(int a, int b) {
        return -Math.floorDiv(-a, b);
    }

    private static void zero(Object array, int from, int to) {
        if (array instanceof float[] floats) {
            Arrays.fill(floats, from, to, 0);
        } else {
            Arrays.fill((double[]) array, from, to, 0);
        }
    }
}
