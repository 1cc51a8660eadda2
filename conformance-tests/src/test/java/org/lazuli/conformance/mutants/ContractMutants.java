package org.lazuli.conformance.mutants;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Backends whose values are right and that break a promise.
final class ContractMutants {
    private ContractMutants() {}

    private static final Primitive.Unary SINE = new Primitive.Unary(UnaryOp.SIN);

    /// Says that it runs sines, and does not.
    static final class PromisesTooMuch extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (kernel.equals(SINE)) {
                throw new UnsupportedOperationException("mutant: " + kernel + " is not supported");
            }
            super.compute(kernel, inputs, outputs);
        }
    }

    /// Says that it does not run sines, and runs them.
    static final class PromisesTooLittle extends Mutant {
        @Override
        public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
            boolean sine = switch (kernel) {
                case FusedElementwise fused -> contains(fused);
                case FusedReduction fused -> contains(fused.chain());
                default -> kernel.equals(SINE);
            };
            return !sine && super.supports(kernel, inputs);
        }

        private static boolean contains(FusedElementwise fused) {
            return fused.instructions().stream()
                    .anyMatch(instruction -> instruction.op().equals(SINE));
        }
    }

    /// Sorts with scratch memory that it never gives back.
    static final class Leaks extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (kernel instanceof Primitive.Sort) {
                target.allocate(DType.FLOAT32, 100);
            }
            super.compute(kernel, inputs, outputs);
        }
    }

    /// Admits to half of what it holds.
    static final class Miscounts extends Mutant {
        @Override
        public MemoryStats memory() {
            MemoryStats stats = super.memory();
            return new MemoryStats(
                    stats.active() / 2,
                    stats.peak(),
                    stats.cached(),
                    stats.buffers(),
                    stats.memoryLimit(),
                    stats.cacheLimit());
        }
    }

    /// Takes no limit seriously.
    static final class IgnoresLimits extends Mutant {
        @Override
        public void limits(long memoryLimit, long cacheLimit) {}
    }

    /// Works on the thread that opened it alone.
    static final class OneThread extends Mutant {
        private final Thread owner = Thread.currentThread();

        @Override
        public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("mutant: called from " + Thread.currentThread());
            }
            super.run(kernel, inputs, outputs, stream);
        }
    }

    /// Goes on when it is closed.
    static final class StaysOpen extends Mutant {
        @Override
        public void close() {}
    }

    /// Gives every NaN the same bits on the way in.
    static final class OneNan extends Mutant {
        @Override
        public void upload(MemorySegment source, DType dtype, int elements, Buffer buffer) {
            if (dtype != DType.FLOAT32) {
                super.upload(source, dtype, elements, buffer);
                return;
            }
            MemorySegment copy = MemorySegment.ofArray(new float[elements]).copyFrom(source.asSlice(0, 4L * elements));
            for (int i = 0; i < elements; i++) {
                float value = copy.getAtIndex(JAVA_FLOAT_UNALIGNED, i);
                copy.setAtIndex(JAVA_INT_UNALIGNED, i, Float.floatToIntBits(value));
            }
            super.upload(copy, dtype, elements, buffer);
        }
    }

    /// Has never seen an array without elements.
    static final class RefusesEmpty extends Mutant {
        @Override
        void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
            if (!outputs.isEmpty() && outputs.getFirst().shape().size() == 0) {
                throw new IllegalArgumentException("mutant: nothing to do");
            }
            super.compute(kernel, inputs, outputs);
        }
    }
}
