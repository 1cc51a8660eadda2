package org.lazuli.conformance.mutants;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.lazuli.DType;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The CPU backend with everything passed on, for a subclass to do one thing wrong. A fused kernel is run instruction by instruction, so that what
/// is wrong with an instruction is wrong wherever it occurs.
abstract class Mutant implements Backend {
    private static final String NAME = "mutant";

    final Backend target = new CpuBackendProvider().open();

    /// A provider of backends that `open` makes.
    static BackendProvider provider(Supplier<? extends Mutant> open) {
        return new BackendProvider() {
            @Override
            public String name() {
                return NAME;
            }

            @Override
            public int priority() {
                return -1;
            }

            @Override
            public int spiVersion() {
                return SPI_VERSION;
            }

            @Override
            public Availability availability() {
                return Availability.available();
            }

            @Override
            public Backend open() {
                return open.get();
            }
        };
    }

    /// Runs one instruction. This is where most mutants differ.
    void compute(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
        target.run(kernel, inputs, outputs, Stream.DEFAULT);
    }

    @Override
    public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
        if (kernel instanceof FusedReduction fused) {
            TensorSpec spec = inputs.getFirst().spec().withDType(fused.dtype());
            Buffer between = target.allocate(spec.dtype(), spec.shape().size());
            try {
                Tensor result = Tensor.contiguous(between, spec);
                run(fused.chain(), inputs, List.of(result), stream);
                compute(fused.reduce(), List.of(result), outputs);
            } finally {
                target.release(between);
            }
            return;
        }
        if (!(kernel instanceof FusedElementwise fused)) {
            compute(kernel, inputs, outputs);
            return;
        }
        List<Tensor> registers = new ArrayList<>(inputs);
        List<Buffer> temporaries = new ArrayList<>();
        try {
            for (FusedElementwise.Instruction instruction : fused.instructions()) {
                TensorSpec spec = outputs.getFirst().spec().withDType(instruction.dtype());
                List<Tensor> operands = new ArrayList<>();
                for (int i = 0; i < instruction.operands().size(); i++) {
                    operands.add(registers.get(instruction.operands().get(i)));
                }
                Buffer buffer = target.allocate(spec.dtype(), spec.shape().size());
                temporaries.add(buffer);
                Tensor result = Tensor.contiguous(buffer, spec);
                compute(instruction.op(), operands, List.of(result));
                registers.add(result);
            }
            for (int i = 0; i < outputs.size(); i++) {
                write(bits(registers.get(fused.outputs().get(i))), outputs.get(i));
            }
        } finally {
            temporaries.forEach(target::release);
        }
    }

    /// The elements in row-major order.
    final MemorySegment bits(Tensor tensor) {
        long bytes = (long) tensor.shape().size() * tensor.dtype().bytes();
        MemorySegment bits = Arena.ofAuto().allocate(Math.max(bytes, 1), Long.BYTES);
        target.download(tensor, bits);
        return bits;
    }

    final void write(MemorySegment bits, Tensor output) {
        target.upload(bits, output.dtype(), output.shape().size(), output.buffer());
    }

    /// Runs `body` with a contiguous tensor of these elements in place of `tensor`.
    final void with(MemorySegment bits, Tensor tensor, Consumer<Tensor> body) {
        Buffer buffer = target.allocate(tensor.dtype(), tensor.shape().size());
        Tensor copy = Tensor.contiguous(buffer, tensor.spec());
        try {
            write(bits, copy);
            body.accept(copy);
        } finally {
            target.release(buffer);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return getClass().getSimpleName();
    }

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return target.supports(kernel, inputs);
    }

    @Override
    public Buffer allocate(DType dtype, int elements) {
        return target.allocate(dtype, elements);
    }

    @Override
    public void release(Buffer buffer) {
        target.release(buffer);
    }

    @Override
    public void upload(MemorySegment source, DType dtype, int elements, Buffer buffer) {
        target.upload(source, dtype, elements, buffer);
    }

    @Override
    public void download(Tensor source, MemorySegment memory) {
        target.download(source, memory);
    }

    @Override
    public void synchronize() {
        target.synchronize();
    }

    @Override
    public MemoryStats memory() {
        return target.memory();
    }

    @Override
    public void limits(long memoryLimit, long cacheLimit) {
        target.limits(memoryLimit, cacheLimit);
    }

    @Override
    public void resetPeak() {
        target.resetPeak();
    }

    @Override
    public void clearCache() {
        target.clearCache();
    }

    @Override
    public void close() {
        target.close();
    }
}
