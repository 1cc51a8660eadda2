package org.lazuli.conformance.mutants;

import java.util.List;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;

/// Backends that look for elements in the wrong place.
final class LayoutMutants {
    private LayoutMutants() {}

    /// Reads every operand as if it were row-major, where it is large enough for that.
    static final class IgnoresStrides extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs.stream().map(IgnoresStrides::rowMajor).toList(), outputs);
        }

        private static Tensor rowMajor(Tensor tensor) {
            long room = tensor.buffer().bytes() / tensor.dtype().bytes() - tensor.offset();
            return room < tensor.shape().size()
                    ? tensor
                    : new Tensor(tensor.buffer(), tensor.spec(), Tensor.rowMajor(tensor.shape()), tensor.offset());
        }
    }

    /// Reads every operand from the start of its buffer, unless it runs backwards from its offset.
    static final class IgnoresOffsets extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs.stream().map(IgnoresOffsets::fromStart).toList(), outputs);
        }

        private static Tensor fromStart(Tensor tensor) {
            Ints strides = tensor.strides();
            for (int axis = 0; axis < strides.size(); axis++) {
                if (strides.get(axis) < 0) {
                    return tensor;
                }
            }
            return new Tensor(tensor.buffer(), tensor.spec(), strides, 0);
        }
    }

    /// Clears its output before it reads its inputs, which the memory of an input does not survive.
    static final class ClearsDonatedMemory extends Mutant {
        @Override
        public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, org.lazuli.spi.Stream stream) {
            for (Tensor output : outputs) {
                if (inputs.stream().anyMatch(input -> input.buffer() == output.buffer())) {
                    write(bits(output).fill((byte) 0), output);
                }
            }
            super.run(kernel, inputs, outputs, stream);
        }
    }
}
