package org.lazuli.ops;

import java.util.Collections;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.ConvOptions;
import org.lazuli.ConvolveMode;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// Convolutions, made of the one instruction.
public final class Convolutions {
    private Convolutions() {}

    /// Any number of spatial axes, the one of the input.
    public static Array general(Array x, Array weight, ConvOptions options, String name) {
        int spatial = x.ndim() - 2;
        if (spatial < 1) {
            throw new IllegalArgumentException(
                    name + ": needs an input (N,…,C) with at least one spatial axis, got shape " + x.shape());
        }
        return Contractions.convolution(
                x,
                weight,
                new Primitive.Convolution(
                        each(options.stride(), spatial, name, "strides"),
                        each(options.padLow(), spatial, name, "low paddings"),
                        each(options.padHigh(), spatial, name, "high paddings"),
                        each(options.kernelDilation(), spatial, name, "kernel dilations"),
                        each(options.inputDilation(), spatial, name, "input dilations"),
                        options.groups(),
                        options.flip()),
                name);
    }

    /// The adjoint of a convolution in its input: the input is spread out by the stride, and what the kernel lacks is padded.
    public static Array transpose(
            Array x,
            Array weight,
            int[] stride,
            int[] padding,
            int[] dilation,
            int[] outputPadding,
            int groups,
            String name) {
        int spatial = stride.length;
        if (x.ndim() != spatial + 2 || weight.ndim() != spatial + 2) {
            throw new IllegalArgumentException(name + ": needs an input (N,…,C) and a weight (O,…,C/groups) with "
                    + spatial + " spatial axes, got shapes " + x.shape() + " and " + weight.shape());
        }
        int[] low = new int[spatial];
        int[] high = new int[spatial];
        for (int i = 0; i < spatial; i++) {
            low[i] = dilation[i] * (weight.dim(i + 1) - 1) - padding[i];
            high[i] = low[i] + outputPadding[i];
        }
        ConvOptions options = ConvOptions.DEFAULT
                .inputDilation(stride)
                .padding(low, high)
                .kernelDilation(dilation)
                .groups(groups)
                .flip(true);
        return general(x, weight, options, name);
    }

    /// The convolution of two vectors.
    public static Array vectors(Array a, Array b, ConvolveMode mode) {
        if (a.ndim() != 1 || b.ndim() != 1 || a.size() == 0 || b.size() == 0) {
            throw new IllegalArgumentException(
                    "convolve: needs two vectors that are not empty, got shapes " + a.shape() + " and " + b.shape());
        }
        Array signal = a.size() < b.size() ? b : a;
        Array kernel = a.size() < b.size() ? a : b;
        int size = kernel.size();
        int low = switch (mode) {
            case FULL -> size - 1;
            case SAME -> size / 2;
            case VALID -> 0;
        };
        int high = mode == ConvolveMode.SAME ? size - 1 - low : low;
        ConvOptions options =
                ConvOptions.DEFAULT.padding(new int[] {low}, new int[] {high}).flip(true);
        return general(signal.reshape(1, -1, 1), kernel.reshape(1, -1, 1), options, "convolve")
                .reshape(-1);
    }

    private static Ints each(List<Integer> values, int spatial, String name, String what) {
        if (values.size() != spatial && values.size() != 1) {
            throw new IllegalArgumentException(name + ": " + values.size() + " " + what + " " + values + " for "
                    + spatial + " spatial axes: give one for each, or one for all");
        }
        List<Integer> all = values.size() == 1 ? Collections.nCopies(spatial, values.getFirst()) : values;
        return Ints.of(all.stream().mapToInt(Integer::intValue).toArray());
    }
}
