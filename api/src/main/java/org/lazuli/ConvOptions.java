package org.lazuli;

import java.util.Arrays;
import java.util.List;

/// How [Ops#convGeneral] moves its kernel. A list holds one number for each spatial axis, or a single one for all of them.
///
/// ```java
/// Ops.convGeneral(x, weight, ConvOptions.DEFAULT.stride(2).padding(1))
/// ```
///
/// @param stride the distance between two positions of the kernel
/// @param padLow the number of zeros before the input
/// @param padHigh the number of zeros after the input
/// @param kernelDilation the distance between two elements of the kernel
/// @param inputDilation the distance between two elements of the input, zeros in between
/// @param groups the number of groups into which the channels are divided
/// @param flip whether the kernel is reversed: a convolution in the sense of mathematics
public record ConvOptions(
        List<Integer> stride,
        List<Integer> padLow,
        List<Integer> padHigh,
        List<Integer> kernelDilation,
        List<Integer> inputDilation,
        int groups,
        boolean flip) {

    /// Stride and dilations 1, no padding, one group, not reversed.
    public static final ConvOptions DEFAULT =
            new ConvOptions(List.of(1), List.of(0), List.of(0), List.of(1), List.of(1), 1, false);

    public ConvOptions {
        stride = List.copyOf(stride);
        padLow = List.copyOf(padLow);
        padHigh = List.copyOf(padHigh);
        kernelDilation = List.copyOf(kernelDilation);
        inputDilation = List.copyOf(inputDilation);
    }

    public ConvOptions stride(int... stride) {
        return new ConvOptions(list(stride), padLow, padHigh, kernelDilation, inputDilation, groups, flip);
    }

    /// The same number of zeros before and after the input.
    public ConvOptions padding(int... padding) {
        return padding(padding, padding);
    }

    public ConvOptions padding(int[] low, int[] high) {
        return new ConvOptions(stride, list(low), list(high), kernelDilation, inputDilation, groups, flip);
    }

    public ConvOptions kernelDilation(int... dilation) {
        return new ConvOptions(stride, padLow, padHigh, list(dilation), inputDilation, groups, flip);
    }

    public ConvOptions inputDilation(int... dilation) {
        return new ConvOptions(stride, padLow, padHigh, kernelDilation, list(dilation), groups, flip);
    }

    public ConvOptions groups(int groups) {
        return new ConvOptions(stride, padLow, padHigh, kernelDilation, inputDilation, groups, flip);
    }

    public ConvOptions flip(boolean flip) {
        return new ConvOptions(stride, padLow, padHigh, kernelDilation, inputDilation, groups, flip);
    }

    private static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
