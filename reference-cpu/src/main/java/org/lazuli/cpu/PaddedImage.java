package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

/// A sample of a convolution's input at a time, or a few, with its padding and the zeros of its dilation around and between the elements, so that what an output
/// position sees lies at the same distances everywhere.
final class PaddedImage {
    private static final ThreadLocal<float[]> BUFFER = ThreadLocal.withInitial(() -> new float[0]);

    private final Convolution convolution;
    private final int spatial;
    private final int channels;

    /// Sizes of the input and of the padded image, and the image's strides, by spatial axis from 1 on.
    private final int[] in;

    private final int[] size;
    private final int[] stride;
    private final int length;

    /// How many elements behind the image may be read.
    private final int slack;

    /// @param input, weight and output any arrays with the spatial sizes of those
    /// @param channels of the input
    /// @param rows the positions that a tile takes at once: those behind the last are read as well
    PaddedImage(Convolution convolution, Tensor input, Tensor weight, Tensor output, int channels, int rows) {
        this.convolution = convolution;
        this.channels = channels;
        spatial = convolution.strides().size();
        in = input.shape().toArray();
        size = new int[spatial + 1];
        stride = new int[spatial + 1];
        int next = channels;
        for (int d = spatial; d >= 1; d--) {
            size[d] = (output.shape().dim(d) - 1) * convolution.strides().get(d - 1)
                    + (weight.shape().dim(d) - 1) * convolution.kernelDilation().get(d - 1)
                    + 1;
            stride[d] = next;
            next *= size[d];
        }
        length = next;
        slack = rows * channels * Math.max(convolution.strides().get(spatial - 1), 1) + rows;
    }

    /// The distance of neighbours along a spatial axis.
    int stride(int axis) {
        return stride[axis];
    }

    /// Images one after the other.
    ///
    /// @param at where the first one begins
    /// @param each how far they are apart
    record Samples(float[] array, int at, int each) {
        int begin(int sample) {
            return at + sample * each;
        }
    }

    /// The padded image of a sample of row-major samples, in an array that the thread uses again for the next.
    float[] of(float[] x, int at, int sample) {
        float[] image = buffer(length + slack);
        fill(1, x, at + sample * elements(), elements(), image, 0);
        Arrays.fill(image, length, length + slack, 0);
        return image;
    }

    /// The images of `count` samples from number `first` on, in such an array, or where they lie if there is nothing around and between the elements. Nothing
    /// behind them may be read.
    Samples of(float[] x, int at, int first, int count) {
        int elements = elements();
        if (isWhole()) {
            return new Samples(x, at + first * elements, elements);
        }
        float[] images = buffer(count * length);
        for (int i = 0; i < count; i++) {
            fill(1, x, at + (first + i) * elements, elements, images, i * length);
        }
        return new Samples(images, 0, length);
    }

    private static float[] buffer(int length) {
        float[] buffer = BUFFER.get();
        if (buffer.length < length) {
            buffer = new float[length];
            BUFFER.set(buffer);
        }
        return buffer;
    }

    /// Elements of a sample.
    private int elements() {
        int elements = channels;
        for (int d = 1; d <= spatial; d++) {
            elements *= in[d];
        }
        return elements;
    }

    private boolean isWhole() {
        for (int d = 1; d <= spatial; d++) {
            if (size[d] != in[d]
                    || convolution.padLow().get(d - 1) != 0
                    || convolution.inputDilation().get(d - 1) != 1) {
                return false;
            }
        }
        return true;
    }

    /// @param elements how many elements of the input an index of the axes before `axis` stands for
    private void fill(int axis, float[] x, int at, int elements, float[] image, int to) {
        if (axis > spatial) {
            System.arraycopy(x, at, image, to, channels);
            return;
        }
        int below = elements / in[axis];
        int low = convolution.padLow().get(axis - 1);
        int dilation = convolution.inputDilation().get(axis - 1);
        if (axis == spatial && dilation == 1) {
            int before = Math.clamp(low, 0, size[axis]);
            int within = Math.clamp(in[axis] + low, before, size[axis]);
            Arrays.fill(image, to, to + before * channels, 0);
            if (within > before) {
                System.arraycopy(
                        x, at + (before - low) * channels, image, to + before * channels, (within - before) * channels);
            }
            Arrays.fill(image, to + within * channels, to + size[axis] * channels, 0);
            return;
        }
        for (int i = 0; i < size[axis]; i++) {
            int coordinate = i - low;
            int target = to + i * stride[axis];
            if (coordinate < 0 || coordinate % dilation != 0 || coordinate / dilation >= in[axis]) {
                Arrays.fill(image, target, target + stride[axis], 0);
            } else {
                fill(axis + 1, x, at + coordinate / dilation * below, below, image, target);
            }
        }
    }
}
