package org.lazuli.examples.toy;

import static org.lazuli.DType.FLOAT32;

import java.util.List;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// What the toy runs itself: copies of every dtype, and on float32 a few elementwise instructions, sums and matrix products.
final class Kernels {
    private Kernels() {}

    static boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        boolean float32 = inputs.stream().allMatch(spec -> spec.dtype() == FLOAT32);
        return switch (kernel) {
            case Primitive.Copy() -> true;
            case Primitive.Elementwise op -> float32 && Arithmetic.defines(op);
            case FusedElementwise fused ->
                float32 && fused.instructions().stream().allMatch(instruction -> Arithmetic.defines(instruction.op()));
            case Primitive.Reduce(ReduceOp op, var _) -> float32 && op == ReduceOp.SUM;
            case Primitive.MatMul() -> float32;
            default -> false;
        };
    }

    /// Runs a kernel that [#supports] accepts.
    static void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
        Tensor output = outputs.getFirst();
        switch (kernel) {
            case Primitive.Copy() -> Elements.copy(inputs.getFirst(), Elements.memory(output.buffer()));
            case Primitive.Elementwise op -> elementwise(alone(op, inputs.size()), inputs, outputs);
            case FusedElementwise fused -> elementwise(fused, inputs, outputs);
            case Primitive.Reduce(var _, Ints axes) -> sum(axes, inputs.getFirst(), output);
            case Primitive.MatMul() -> matMul(inputs.get(0), inputs.get(1), output);
            default -> throw new AssertionError(kernel + " is not supported");
        }
    }

    /// One instruction as a fused kernel, so that there is one loop for both.
    private static FusedElementwise alone(Primitive.Elementwise op, int inputs) {
        var instruction = new FusedElementwise.Instruction(op, Ints.range(0, inputs), FLOAT32);
        return new FusedElementwise(inputs, List.of(instruction), Ints.of(inputs));
    }

    /// An element at a time, with a register for each input and each instruction's result. All inputs of an element are read before its outputs are
    /// written: an output may lie in the memory of an input.
    private static void elementwise(FusedElementwise kernel, List<Tensor> inputs, List<Tensor> outputs) {
        List<Floats> sources = inputs.stream().map(Floats::new).toList();
        List<Floats> targets = outputs.stream().map(Floats::new).toList();
        float[] registers = new float[kernel.inputs() + kernel.instructions().size()];
        for (int i = 0; i < outputs.getFirst().shape().size(); i++) {
            int next = 0;
            for (Floats source : sources) {
                registers[next++] = source.get(i);
            }
            for (FusedElementwise.Instruction instruction : kernel.instructions()) {
                registers[next++] = Arithmetic.apply(instruction.op(), instruction.operands(), registers);
            }
            for (int k = 0; k < targets.size(); k++) {
                targets.get(k).set(i, registers[kernel.outputs().get(k)]);
            }
        }
    }

    /// Sums in double, so that each result is rounded once.
    private static void sum(Ints axes, Tensor input, Tensor output) {
        // The output seen in the shape of the input: along a summed axis every element is the same one.
        int[] strides = output.strides().toArray();
        for (int i = 0; i < axes.size(); i++) {
            strides[axes.get(i)] = 0;
        }
        int[] places = Elements.places(new Tensor(output.buffer(), input.spec(), Ints.of(strides), output.offset()));
        double[] sums = new double[output.shape().size()];
        Floats x = new Floats(input);
        for (int i = 0; i < places.length; i++) {
            sums[places[i]] += x.get(i);
        }
        Floats result = new Floats(output);
        for (int i = 0; i < sums.length; i++) {
            result.set(i, (float) sums[i]);
        }
    }

    /// The definition, for each matrix of the leading axes.
    private static void matMul(Tensor left, Tensor right, Tensor output) {
        int rank = output.shape().rank();
        int n = left.shape().dim(rank - 2);
        int inner = left.shape().dim(rank - 1);
        int m = right.shape().dim(rank - 1);
        Floats a = new Floats(left);
        Floats b = new Floats(right);
        Floats c = new Floats(output);
        for (int i = 0; i < output.shape().size(); i++) {
            int matrix = i / (n * m);
            int row = i / m % n;
            int column = i % m;
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += (double) a.get((matrix * n + row) * inner + k) * b.get((matrix * inner + k) * m + column);
            }
            c.set(i, (float) sum);
        }
    }
}
