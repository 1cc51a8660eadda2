package org.lazuli.metal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated.CustomKernel;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Kernels that users have written: the function around the body is [CustomText]'s.
final class CustomFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof CustomKernel custom
                && custom.results().stream().noneMatch(result -> result.dtype() == DType.FLOAT64)
                && custom.template().stream()
                        .noneMatch(argument -> argument.value().equals("float64"));
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        CustomKernel custom = (CustomKernel) kernel;
        for (int i = 0; i < custom.initial().size(); i++) {
            fill(outputs.get(i), custom.initial().get(i), commands);
        }
        List<Tensor> bound = new ArrayList<>();
        for (Tensor input : inputs) {
            bound.add(custom.contiguous() && !input.isContiguous() ? contiguous(input, commands) : input);
        }
        CustomText text =
                new CustomText(custom, inputs.stream().map(Tensor::spec).toList());
        if (custom.verbose()) {
            System.out.println("Kernel " + custom.name() + ":\n" + text.source());
        }
        Dispatch dispatch = commands.generated(text.functionName(), text::source, custom.math());
        for (int i = 0; i < bound.size(); i++) {
            Tensor input = bound.get(i);
            dispatch.read(input);
            if (text.names(i, "shape")) {
                dispatch.ints(input.shape().toArray());
            }
            if (text.names(i, "strides")) {
                long[] strides = new long[input.shape().rank()];
                for (int axis = 0; axis < strides.length; axis++) {
                    strides[axis] = input.strides().get(axis);
                }
                dispatch.longs(strides);
            }
            if (text.names(i, "ndim")) {
                dispatch.ints(input.shape().rank());
            }
        }
        outputs.forEach(custom.initial().isEmpty() ? dispatch::write : dispatch::readWrite);
        dispatch.threads(
                custom.grid().get(0),
                custom.grid().get(1),
                custom.grid().get(2),
                custom.threadgroup().get(0),
                custom.threadgroup().get(1),
                custom.threadgroup().get(2));
    }

    private static Tensor contiguous(Tensor input, Commands commands) {
        Tensor copy = commands.temporary(input.dtype(), input.shape().size());
        CopyFamily.copy(input, copy, commands);
        return Tensor.contiguous(copy.buffer(), input.spec());
    }

    private static void fill(Tensor output, long bits, Commands commands) {
        String word = Msl.word(output.dtype().bytes());
        String name = "fill_" + word;
        commands.kernel(name, () -> Msl.PRELUDE + """

                        kernel void NAME(
                                device WORD* out [[buffer(0)]],
                                constant ulong* bits [[buffer(1)]],
                                uint i [[thread_position_in_grid]]) {
                            out[i] = WORD(bits[0]);
                        }
                        """.replace("NAME", name).replace("WORD", word))
                .write(output)
                .longs(bits)
                .threads(output.shape().size());
    }
}
