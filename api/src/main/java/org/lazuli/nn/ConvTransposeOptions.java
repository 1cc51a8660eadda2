package org.lazuli.nn;

import java.util.List;

/// Options of [ConvTranspose1d], [ConvTranspose2d] and [ConvTranspose3d]. The lists have one element for all axes, or one for each.
///
/// @param stride how far the kernel moves in the output for one element of the input
/// @param padding how much is cut off before and after the output
/// @param dilation the distance between elements that the kernel writes to
/// @param outputPadding how much longer the output is at its end
/// @param bias whether there is a bias
public record ConvTransposeOptions(
        List<Integer> stride,
        List<Integer> padding,
        List<Integer> dilation,
        List<Integer> outputPadding,
        boolean bias) {
    public static final ConvTransposeOptions DEFAULT =
            new ConvTransposeOptions(List.of(1), List.of(0), List.of(1), List.of(0), true);

    public ConvTransposeOptions {
        stride = List.copyOf(stride);
        padding = List.copyOf(padding);
        dilation = List.copyOf(dilation);
        outputPadding = List.copyOf(outputPadding);
    }

    public ConvTransposeOptions withStride(Integer... stride) {
        return new ConvTransposeOptions(List.of(stride), padding, dilation, outputPadding, bias);
    }

    public ConvTransposeOptions withPadding(Integer... padding) {
        return new ConvTransposeOptions(stride, List.of(padding), dilation, outputPadding, bias);
    }

    public ConvTransposeOptions withDilation(Integer... dilation) {
        return new ConvTransposeOptions(stride, padding, List.of(dilation), outputPadding, bias);
    }

    public ConvTransposeOptions withOutputPadding(Integer... outputPadding) {
        return new ConvTransposeOptions(stride, padding, dilation, List.of(outputPadding), bias);
    }

    public ConvTransposeOptions withBias(boolean bias) {
        return new ConvTransposeOptions(stride, padding, dilation, outputPadding, bias);
    }
}
