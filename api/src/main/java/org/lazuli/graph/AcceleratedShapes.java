package org.lazuli.graph;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// What the kernels of [Accelerated] accept, and the shapes of their results.
final class AcceleratedShapes {
    private AcceleratedShapes() {}

    /// The type and shape of a call's result.
    ///
    /// @throws IllegalArgumentException if the kernel does not accept the arguments, or the graph that stands in for it has another result
    static TensorSpec check(Primitive.Fallback call, List<TensorSpec> operands) {
        TensorSpec result = operands.getLast();
        List<TensorSpec> arguments = operands.subList(0, operands.size() - 1);
        boolean accepted = arguments.size() == call.arguments()
                && !arguments.isEmpty()
                && accepts(call.kernel(), arguments)
                && result.equals(resultOf(call.kernel(), arguments));
        if (!accepted) {
            throw new IllegalArgumentException(
                    call.kernel() + " does not accept operands of " + arguments + " for a result of " + result);
        }
        return result;
    }

    /// The types and shapes of a call's results.
    ///
    /// @throws IllegalArgumentException if the kernel does not accept the arguments, or the graph that stands in for it has other results
    static List<TensorSpec> check(Primitive.FallbackTuple call, List<TensorSpec> operands) {
        List<TensorSpec> arguments = operands.subList(0, Math.min(call.arguments(), operands.size()));
        List<TensorSpec> results = operands.subList(arguments.size(), operands.size());
        boolean accepted = call.kernel() instanceof Accelerated.CustomKernel kernel
                && arguments.size() == kernel.inputs().size()
                && call.arguments() == arguments.size()
                && results.equals(kernel.results())
                && kernel.outputs().size() == results.size();
        if (!accepted) {
            throw new IllegalArgumentException(
                    call.kernel() + " does not accept operands of " + arguments + " for results of " + results);
        }
        return List.copyOf(results);
    }

    private static boolean accepts(Accelerated kernel, List<TensorSpec> in) {
        return switch (kernel) {
            case Accelerated.Softmax(), Accelerated.LogSumExp() ->
                in.size() == 1 && in.get(0).shape().rank() >= 1;
            case Accelerated.LayerNorm(var _, boolean weight, boolean bias) ->
                isNorm(in, 1 + (weight ? 1 : 0) + (bias ? 1 : 0));
            case Accelerated.RmsNorm(var _, boolean weight) -> isNorm(in, weight ? 2 : 1);
            case Accelerated.Attention _ -> isAttention(in);
            case Accelerated.AttentionGradient _ ->
                in.size() == 4 && isAttention(in.subList(0, 3)) && in.get(3).equals(attended(in));
            // Only as a tuple.
            case Accelerated.CustomKernel _ -> false;
            case Accelerated.SoftmaxGradient(),
                    Accelerated.LayerNormParameterGradient _,
                    Accelerated.RmsNormParameterGradient _ -> isGradient(in, false);
            case Accelerated.LayerNormGradient(var _, boolean weight) -> isGradient(in, weight);
            case Accelerated.RmsNormGradient(var _, boolean weight) -> isGradient(in, weight);
            case Accelerated.ExtremeGradient(Ints axes) -> isExtremeGradient(in, axes);
            case Accelerated.QuantizedMatMul(Quantization how, boolean transpose) ->
                isQuantizedMatMul(in, how, transpose);
        };
    }

    /// An array, and parameters of the size of its last axis.
    private static boolean isNorm(List<TensorSpec> in, int count) {
        TensorSpec x = in.get(0);
        if (in.size() != count || x.shape().rank() == 0) {
            return false;
        }
        TensorSpec parameter = x.withShape(Shape.of(x.shape().dim(-1)));
        return in.subList(1, count).stream().allMatch(parameter::equals);
    }

    /// An array, a parameter of the size of its last axis if `weight`, and a cotangent like the array.
    private static boolean isGradient(List<TensorSpec> in, boolean weight) {
        return in.size() == (weight ? 3 : 2)
                && in.getLast().equals(in.getFirst())
                && isNorm(in.subList(0, in.size() - 1), weight ? 2 : 1);
    }

    private static boolean isExtremeGradient(List<TensorSpec> in, Ints axes) {
        if (in.size() != 3) {
            return false;
        }
        Shape kept = in.get(0).shape();
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i) < 0 || axes.get(i) >= kept.rank()) {
                return false;
            }
            kept = kept.with(axes.get(i), 1);
        }
        TensorSpec extremes = in.get(0).withShape(kept);
        return in.get(1).equals(extremes) && in.get(2).equals(extremes);
    }

    private static boolean isAttention(List<TensorSpec> in) {
        if (in.size() < 3
                || in.size() > 4
                || in.stream().anyMatch(spec -> spec.shape().rank() != 4)) {
            return false;
        }
        Shape q = in.get(0).shape();
        Shape k = in.get(1).shape();
        Shape v = in.get(2).shape();
        DType dtype = in.get(0).dtype();
        boolean fits = in.get(1).dtype() == dtype
                && in.get(2).dtype() == dtype
                && k.dim(0) == q.dim(0)
                && k.dim(1) > 0
                && q.dim(1) % k.dim(1) == 0
                && k.dim(3) == q.dim(3)
                && v.equals(k.with(3, v.dim(3)));
        if (in.size() == 3 || !fits) {
            return fits;
        }
        TensorSpec mask = in.get(3);
        return mask.shape().equals(q.with(3, k.dim(2))) && (mask.dtype() == DType.BOOL || mask.dtype() == dtype);
    }

    /// What attention gives.
    private static TensorSpec attended(List<TensorSpec> in) {
        TensorSpec q = in.get(0);
        return q.withShape(q.shape().with(3, in.get(2).shape().dim(3)));
    }

    private static boolean isQuantizedMatMul(List<TensorSpec> in, Quantization how, boolean transpose) {
        if (in.size() != (how.hasBiases() ? 4 : 3)
                || in.stream().anyMatch(spec -> spec.shape().rank() != 2)) {
            return false;
        }
        TensorSpec x = in.get(0);
        TensorSpec weight = in.get(1);
        TensorSpec scales = in.get(2);
        int rows = weight.shape().dim(0);
        int columns = how.elements(weight.shape().dim(1));
        return weight.dtype() == DType.UINT32
                && columns % how.groupSize() == 0
                && how.words(columns) == weight.shape().dim(1)
                && x.shape().dim(1) == (transpose ? columns : rows)
                && scales.dtype() == (how.hasBiases() ? x.dtype() : DType.UINT8)
                && scales.shape().equals(Shape.of(rows, columns / how.groupSize()))
                && (in.size() == 3 || in.get(3).equals(scales));
    }

    private static TensorSpec resultOf(Accelerated kernel, List<TensorSpec> in) {
        TensorSpec x = in.get(0);
        return switch (kernel) {
            case Accelerated.Softmax(),
                    Accelerated.LayerNorm _,
                    Accelerated.RmsNorm _,
                    Accelerated.SoftmaxGradient(),
                    Accelerated.LayerNormGradient _,
                    Accelerated.RmsNormGradient _,
                    Accelerated.ExtremeGradient _,
                    Accelerated.CustomKernel _ -> x;
            case Accelerated.LayerNormParameterGradient _ ->
                x.withShape(Shape.of(2, x.shape().dim(-1)));
            case Accelerated.RmsNormParameterGradient _ ->
                x.withShape(Shape.of(x.shape().dim(-1)));
            case Accelerated.LogSumExp() -> x.withShape(x.shape().with(-1, 1));
            case Accelerated.Attention _ -> attended(in);
            case Accelerated.AttentionGradient _ ->
                x.withShape(Shape.of(x.shape().size()
                        + in.get(1).shape().size()
                        + in.get(2).shape().size()));
            case Accelerated.QuantizedMatMul(Quantization how, boolean transpose) -> {
                Shape packed = in.get(1).shape();
                yield x.withShape(x.shape().with(1, transpose ? packed.dim(0) : how.elements(packed.dim(1))));
            }
        };
    }
}
