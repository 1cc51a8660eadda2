package org.lazuli.metal.kernels;

import java.util.List;
import java.util.function.UnaryOperator;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Softmax and norms along the last axis, of operands in any layout: computed in float32 whatever the dtype, and rounded once.
///
/// A simdgroup takes a short row, a threadgroup a longer one, with the elements in registers up to 4,096 of them. A longer row is read more than once.
final class RowFamily implements KernelFamily {
    private static final int THREADS = 256;

    /// The longest row of a simdgroup.
    private static final int SHORT = 256;

    /// Elements that a thread holds.
    private static final int MOST_ITEMS = 16;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return switch (kernel) {
            case Accelerated.Softmax(), Accelerated.LayerNorm _, Accelerated.RmsNorm _ ->
                inputs.getFirst().dtype().isFloating() && inputs.getFirst().dtype() != DType.FLOAT64;
            default -> false;
        };
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor x = inputs.getFirst();
        Tensor output = outputs.getFirst();
        if (output.shape().size() == 0) {
            return;
        }
        switch (kernel) {
            case Accelerated.Softmax() -> softmax(x, output, commands);
            case Accelerated.LayerNorm(float eps, boolean weight, boolean bias) ->
                norm(true, eps, weight, bias, inputs, output, commands);
            case Accelerated.RmsNorm(float eps, boolean weight) ->
                norm(false, eps, weight, false, inputs, output, commands);
            default -> throw new IllegalArgumentException(kernel + " is not computed by rows");
        }
    }

    private static void softmax(Tensor x, Tensor output, Commands commands) {
        Rows rows = Rows.of(x);
        String name = "softmax_" + rows.suffix();
        String[] files = rows.items() > 0
                ? new String[] {"places", "row", "softmax"}
                : new String[] {"places", "shuffles", "logarithms", "row", "softmax"};
        Dispatch dispatch = commands.kernel(
                        name, () -> rows.define(KernelText.of("SOFTMAX", name)).with(files))
                .read(x)
                .write(output)
                .ints(rows.count(), rows.width(), rows.stride(), 0, 0, 0)
                .ints(rows.layout());
        rows.run(dispatch);
    }

    private static void norm(
            boolean centered,
            float eps,
            boolean weight,
            boolean bias,
            List<Tensor> inputs,
            Tensor output,
            Commands commands) {
        Tensor x = inputs.getFirst();
        // The kernels always have weights and biases bound, read or not.
        Tensor weights = weight ? inputs.get(1) : x;
        Tensor biases = bias ? inputs.get(weight ? 2 : 1) : x;
        Rows rows = Rows.of(x);
        String name = (centered ? "layer_norm_" : "rms_norm_")
                + (weight ? "weight_" : "")
                + (bias ? "bias_" : "")
                + rows.suffix();
        UnaryOperator<KernelText> parts = text ->
                text.define("CENTERED", centered).define("WEIGHT", weight).define("BIAS", bias);
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> parts.apply(rows.define(KernelText.of("NORM", name)))
                                .with("places", "row", "norm"))
                .read(x)
                .read(weights)
                .read(biases)
                .write(output)
                .ints(
                        rows.count(),
                        rows.width(),
                        rows.stride(),
                        weights.strides().get(weights.shape().rank() - 1),
                        biases.strides().get(biases.shape().rank() - 1),
                        Float.floatToRawIntBits(eps))
                .ints(rows.layout());
        rows.run(dispatch);
    }

    /// How rows are shared out.
    ///
    /// @param items elements that each thread holds, or 0 for any number
    private record Rows(Strided across, DType dtype, int count, int width, int stride, boolean together, int items) {
        static Rows of(Tensor x) {
            int last = x.shape().rank() - 1;
            int width = x.shape().dim(last);
            Strided across = Lines.across(last, x);
            boolean together = width > SHORT;
            int items = Integer.highestOneBit(Math.ceilDiv(width, together ? THREADS : 32) * 2 - 1);
            return new Rows(
                    across,
                    x.dtype(),
                    across.size(),
                    width,
                    x.strides().get(last),
                    together,
                    items > MOST_ITEMS ? 0 : items);
        }

        String suffix() {
            return (together ? "group_" : "simdgroup_") + items + "_" + dtype;
        }

        KernelText define(KernelText text) {
            return text.define("ELEMENT", Msl.storage(dtype))
                    .define("TOGETHER", together)
                    .define("ITEMS", items);
        }

        int[] layout() {
            return across.layout();
        }

        void run(Dispatch dispatch) {
            // Rows in registers take all threads; those that are read again do with fewer.
            int threads = items > 0 && together ? THREADS : Math.min(THREADS, dispatch.maxThreads() / 32 * 32);
            int groups = together ? count : Math.ceilDiv(count, threads / 32);
            dispatch.groups(groups, 1, 1, threads, 1, 1);
        }
    }
}
