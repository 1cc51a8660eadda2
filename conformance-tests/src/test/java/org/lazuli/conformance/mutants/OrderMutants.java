package org.lazuli.conformance.mutants;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;

/// Backends that mistake positions.
final class OrderMutants {
    private OrderMutants() {}

    /// Equal elements in reverse order: sorts the operand read backwards.
    static final class UnstableArgSort extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            Tensor input = inputs.getFirst();
            if (!(kernel instanceof Primitive.ArgSort(int axis))
                    || input.shape().size() == 0) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            int length = input.shape().dim(axis);
            int[] strides = input.strides().toArray();
            int offset = input.offset() + (length - 1) * strides[axis];
            strides[axis] = -strides[axis];
            Tensor backwards = new Tensor(input.buffer(), input.spec(), org.lazuli.spi.Ints.of(strides), offset);
            super.compute(kernel, List.of(backwards), outputs);
            Tensor output = outputs.getFirst();
            MemorySegment bits = bits(output);
            for (int i = 0; i < output.shape().size(); i++) {
                bits.setAtIndex(JAVA_INT_UNALIGNED, i, length - 1 - bits.getAtIndex(JAVA_INT_UNALIGNED, i));
            }
            write(bits, output);
        }
    }

    /// Takes the index one past the end for the last.
    static final class OffByOne extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (!(kernel instanceof Primitive.Gather(var axes)) || axes.size() != 1 || !isInt32(inputs.get(1))) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            int length = inputs.getFirst().shape().dim(axes.get(0));
            Tensor index = inputs.get(1);
            MemorySegment bits = bits(index);
            for (int i = 0; i < index.shape().size(); i++) {
                if (bits.getAtIndex(JAVA_INT_UNALIGNED, i) == length) {
                    bits.setAtIndex(JAVA_INT_UNALIGNED, i, length - 1);
                }
            }
            with(bits, index, clamped -> {
                List<Tensor> operands = new ArrayList<>(inputs);
                operands.set(1, clamped);
                super.compute(kernel, operands, outputs);
            });
        }

        private static boolean isInt32(Tensor tensor) {
            return tensor.dtype() == DType.INT32 || tensor.dtype() == DType.UINT32;
        }
    }

    /// Refuses an index out of bounds in words of its own.
    static final class OtherWords extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            try {
                super.compute(kernel, inputs, outputs);
            } catch (IndexOutOfBoundsException e) {
                throw new IndexOutOfBoundsException("bad index");
            }
        }
    }
}
