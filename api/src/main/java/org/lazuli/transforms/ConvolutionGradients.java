package org.lazuli.transforms;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// The gradients of a convolution, which are convolutions.
///
/// Along one axis, with stride `s`, low padding `p`, kernel dilation `d` and input dilation `e`, output `o` reads the input at `i` through kernel
/// element `k` where `o s - p + k d = i e`. Solved for the input, that is a convolution of the cotangent, dilated by `s`; solved for the kernel, one
/// of the input with the cotangent as its kernel.
final class ConvolutionGradients {
    private ConvolutionGradients() {}

    static @Nullable Array[] vjp(Primitive.Convolution c, Array x, Array w, Array ct, boolean[] needed) {
        return new @Nullable Array[] {needed[0] ? input(c, x, w, ct) : null, needed[1] ? weight(c, x, w, ct) : null};
    }

    private static Array input(Primitive.Convolution c, Array x, Array w, Array ct) {
        int spatial = c.strides().size();
        int[] low = new int[spatial];
        int[] high = new int[spatial];
        for (int i = 0; i < spatial; i++) {
            int reach = (w.dim(i + 1) - 1) * c.kernelDilation().get(i);
            int dilated = (ct.dim(i + 1) - 1) * c.strides().get(i) + 1;
            low[i] = reach - c.padLow().get(i);
            high[i] = (x.dim(i + 1) - 1) * c.inputDilation().get(i) + 1 + reach - dilated - low[i];
        }
        // (groups * outputs, kernel…, channels) -> (groups * channels, kernel…, outputs)
        Array swapped = w.conj()
                .unflatten(0, c.groups(), w.dim(0) / c.groups())
                .swapaxes(1, -1)
                .flatten(0, 1);
        return Graph.apply(
                new Primitive.Convolution(
                        /* strides= */ c.inputDilation(),
                        Ints.of(low),
                        Ints.of(high),
                        c.kernelDilation(),
                        /* inputDilation= */ c.strides(),
                        c.groups(),
                        !c.flip()),
                ct,
                swapped);
    }

    private static Array weight(Primitive.Convolution c, Array x, Array w, Array ct) {
        int spatial = c.strides().size();
        int[] high = new int[spatial];
        for (int i = 0; i < spatial; i++) {
            int dilated = (x.dim(i + 1) - 1) * c.inputDilation().get(i) + 1;
            high[i] = (w.dim(i + 1) - 1) * c.kernelDilation().get(i)
                    + (ct.dim(i + 1) - 1) * c.strides().get(i)
                    + 1
                    - dilated
                    - c.padLow().get(i);
        }
        // (N, …, groups * channels) -> (channels, …, groups * N)
        Array batchLast = x.conj().unflatten(-1, c.groups(), w.dim(-1));
        int last = batchLast.ndim() - 1;
        Array swapped = batchLast.swapaxes(0, last);
        Shape shape = swapped.shape();
        Array input = swapped.reshape(shape.slice(0, last - 1).concat(Shape.of(c.groups() * x.dim(0))));
        Array kernel = ct.swapaxes(0, -1);
        Array result = Graph.apply(
                        new Primitive.Convolution(
                                /* strides= */ c.kernelDilation(),
                                c.padLow(),
                                Ints.of(high),
                                /* kernelDilation= */ c.strides(),
                                c.inputDilation(),
                                c.groups(),
                                false),
                        input,
                        kernel)
                .swapaxes(0, -1);
        return c.flip() ? result.flip(Ints.range(1, spatial + 1).toArray()) : result;
    }
}
