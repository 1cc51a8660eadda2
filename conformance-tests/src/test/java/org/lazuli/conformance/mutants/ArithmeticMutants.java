package org.lazuli.conformance.mutants;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Tensor;

/// Backends whose values are wrong.
final class ArithmeticMutants {
    private ArithmeticMutants() {}

    /// Is eight ulps off, in float32 alone.
    static final class WrongSine extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs, outputs);
            Tensor output = outputs.getFirst();
            if (kernel.equals(new Primitive.Unary(UnaryOp.SIN)) && output.dtype() == DType.FLOAT32) {
                MemorySegment bits = bits(output);
                for (int i = 0; i < output.shape().size(); i++) {
                    float value = bits.getAtIndex(JAVA_FLOAT_UNALIGNED, i);
                    if (value != 0 && Float.isFinite(value)) {
                        bits.setAtIndex(JAVA_FLOAT_UNALIGNED, i, value + 8 * Math.ulp(value));
                    }
                }
                write(bits, output);
            }
        }
    }

    /// The largest of the numbers, whatever else there is: NaN counts as the smallest.
    static final class DropsNan extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (!(kernel instanceof Primitive.Reduce(ReduceOp op, var _))
                    || op != ReduceOp.MAX
                    || inputs.getFirst().dtype() != DType.FLOAT32) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            Tensor input = inputs.getFirst();
            MemorySegment bits = bits(input);
            for (int i = 0; i < input.shape().size(); i++) {
                if (Float.isNaN(bits.getAtIndex(JAVA_FLOAT_UNALIGNED, i))) {
                    bits.setAtIndex(JAVA_FLOAT_UNALIGNED, i, Float.NEGATIVE_INFINITY);
                }
            }
            with(bits, input, clean -> super.compute(kernel, List.of(clean), outputs));
        }
    }

    /// Cuts a bfloat16 product off where it should round to the nearest.
    static final class TruncatesBfloat16 extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            boolean product = kernel.equals(new Primitive.Binary(BinaryOp.MULTIPLY))
                    && inputs.getFirst().dtype() == DType.BFLOAT16;
            if (!product) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            MemorySegment left = bits(inputs.get(0));
            MemorySegment right = bits(inputs.get(1));
            super.compute(kernel, inputs, outputs);
            Tensor output = outputs.getFirst();
            MemorySegment bits = bits(output);
            for (int i = 0; i < output.shape().size(); i++) {
                float exact = bfloat16(left, i) * bfloat16(right, i);
                if (Float.isFinite(exact)) {
                    bits.setAtIndex(JAVA_SHORT_UNALIGNED, i, (short) (Float.floatToRawIntBits(exact) >> 16));
                }
            }
            write(bits, output);
        }

        private static float bfloat16(MemorySegment bits, int i) {
            return Float.intBitsToFloat(bits.getAtIndex(JAVA_SHORT_UNALIGNED, i) << 16);
        }
    }

    /// An int32 divided by zero is -1, as some hardware has it.
    static final class DividesByZero extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (!kernel.equals(new Primitive.Binary(BinaryOp.FLOOR_DIVIDE))
                    || inputs.getFirst().dtype() != DType.INT32) {
                super.compute(kernel, inputs, outputs);
                return;
            }
            MemorySegment divisors = bits(inputs.get(1));
            super.compute(kernel, inputs, outputs);
            Tensor output = outputs.getFirst();
            MemorySegment bits = bits(output);
            for (int i = 0; i < output.shape().size(); i++) {
                if (divisors.getAtIndex(JAVA_INT_UNALIGNED, i) == 0) {
                    bits.setAtIndex(JAVA_INT_UNALIGNED, i, -1);
                }
            }
            write(bits, output);
        }
    }

    /// Has its own idea of random.
    static final class OtherRandomBits extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs, outputs);
            if (kernel instanceof Primitive.RandomBits) {
                Tensor output = outputs.getFirst();
                MemorySegment bits = bits(output);
                for (long i = 0;
                        i < (long) output.shape().size() * output.dtype().bytes();
                        i++) {
                    bits.set(JAVA_BYTE, i, (byte) (bits.get(JAVA_BYTE, i) ^ 1));
                }
                write(bits, output);
            }
        }
    }

    /// Every second matrix product is an ulp off: within its bound, and not what it was before.
    static final class NotDeterministic extends Mutant {
        private int count;

        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs, outputs);
            Tensor output = outputs.getFirst();
            if (kernel instanceof Primitive.MatMul && output.dtype() == DType.FLOAT32 && count++ % 2 == 1) {
                MemorySegment bits = bits(output);
                for (int i = 0; i < output.shape().size(); i++) {
                    bits.setAtIndex(JAVA_FLOAT_UNALIGNED, i, Math.nextUp(bits.getAtIndex(JAVA_FLOAT_UNALIGNED, i)));
                }
                write(bits, output);
            }
        }
    }

    /// -0 becomes 0.
    static final class LosesSignOfZero extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            super.compute(kernel, inputs, outputs);
            Tensor output = outputs.getFirst();
            if (kernel.equals(new Primitive.Unary(UnaryOp.NEGATIVE)) && output.dtype() == DType.FLOAT32) {
                MemorySegment bits = bits(output);
                for (int i = 0; i < output.shape().size(); i++) {
                    bits.setAtIndex(JAVA_FLOAT_UNALIGNED, i, bits.getAtIndex(JAVA_FLOAT_UNALIGNED, i) + 0f);
                }
                write(bits, output);
            }
        }
    }
}
