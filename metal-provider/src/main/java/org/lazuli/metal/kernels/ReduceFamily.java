package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Sums, products, extremes and their positions, and logarithms of sums of exponentials, along any axes of operands in any layout.
///
/// float16 and bfloat16 are combined in float32, and rounded once. A sum of float32 is off by a few roundings for each of the chains it is made
/// of, none of which is longer than 64 ([Reducer]). An extreme of complex numbers falls back: which of several NaN it gives depends on the order.
final class ReduceFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        DType dtype = inputs.isEmpty() ? DType.FLOAT64 : inputs.getFirst().dtype();
        return switch (kernel) {
            case Primitive.Reduce(ReduceOp op, var _) ->
                dtype != DType.FLOAT64 && (!dtype.isComplex() || op == ReduceOp.SUM || op == ReduceOp.PROD);
            case Primitive.ArgReduce _ -> dtype != DType.FLOAT64;
            case Accelerated.LogSumExp() -> dtype.isFloating() && dtype != DType.FLOAT64;
            default -> false;
        };
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor input = inputs.getFirst();
        DType dtype = input.dtype();
        Combination combination;
        Ints axes;
        switch (kernel) {
            case Primitive.Reduce reduce -> {
                combination = Combination.of(operation(reduce.op()), dtype);
                axes = reduce.axes();
            }
            case Primitive.ArgReduce reduce -> {
                combination = Combination.position(reduce.op(), dtype);
                axes = Ints.of(reduce.axis());
            }
            case Accelerated.LogSumExp() -> {
                combination = Combination.logAddExp(dtype);
                axes = Ints.of(input.shape().rank() - 1);
            }
            default -> throw new IllegalArgumentException(kernel + " reduces nothing");
        }
        new Reducer(combination, commands).encode(axes, input, outputs.getFirst());
    }

    private static Combination.Operation operation(ReduceOp op) {
        return switch (op) {
            case SUM -> Combination.Operation.SUM;
            case PROD -> Combination.Operation.PROD;
            case MAX -> Combination.Operation.MAX;
            case MIN -> Combination.Operation.MIN;
        };
    }
}
