package org.lazuli.conformance.mutants;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.spi.Ints;
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
            if (!(kernel instanceof Primitive.ArgSort(int axis))
                    || inputs.getFirst().shape().size() == 0) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            Tensor input = inputs.getFirst();
            int length = input.shape().dim(axis);
            int[] strides = input.strides().toArray();
            int offset = input.offset() + (length - 1) * strides[axis];
            strides[axis] = -strides[axis];
            Tensor backwards = new Tensor(input.buffer(), input.spec(), Ints.of(strides), offset);
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
            if (!(kernel instanceof Primitive.Gather(var axes))) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            gather(kernel, axes, 0, inputs, outputs);
        }

        /// With the indices along the axes before the k-th clamped.
        private void gather(Kernel kernel, Ints axes, int k, List<Tensor> inputs, List<Tensor> outputs) {
            if (k == axes.size()) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            int length = inputs.getFirst().shape().dim(axes.get(k));
            Tensor index = inputs.get(k + 1);
            MemorySegment bits = bits(index);
            int width = index.dtype().bytes();
            for (int i = 0; i < index.shape().size(); i++) {
                MemorySegment element = bits.asSlice((long) i * width, width);
                if (element.mismatch(littleEndian(length, width)) == -1) {
                    element.copyFrom(littleEndian(length - 1, width));
                }
            }
            with(bits, index, clamped -> {
                List<Tensor> operands = new ArrayList<>(inputs);
                operands.set(k + 1, clamped);
                gather(kernel, axes, k + 1, operands, outputs);
            });
        }

        private static MemorySegment littleEndian(int value, int width) {
            byte[] bytes = new byte[width];
            for (int i = 0; i < Math.min(width, Integer.BYTES); i++) {
                bytes[i] = (byte) (value >> 8 * i);
            }
            return MemorySegment.ofArray(bytes);
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
