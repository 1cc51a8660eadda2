package org.lazuli.metal.endtoend;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBackend;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The Metal backend without fusion: of a fused kernel it runs the instructions one by one, on the same device, each with a result in memory. What
/// fusion saves is the difference.
final class Unfused implements Backend {
    private final MetalBackend metal;
    private long kernels;
    private long instructions;
    private long constants;
    private long copies;

    Unfused(MetalBackend metal) {
        this.metal = metal;
    }

    /// What was done in place of fused kernels.
    ///
    /// @param kernels that were taken apart
    /// @param instructions that ran in their place, constants included
    /// @param constants the instructions that only write a constant
    /// @param copies of results to where the kernel would have stored them
    record Tally(long kernels, long instructions, long constants, long copies) {
        Tally since(Tally before) {
            return new Tally(
                    kernels - before.kernels,
                    instructions - before.instructions,
                    constants - before.constants,
                    copies - before.copies);
        }

        @Override
        public String toString() {
            return kernels + " fused kernels have " + instructions + " instructions, " + constants
                    + " of them constants; " + copies + " copies";
        }
    }

    /// What was done so far.
    Tally tally() {
        return new Tally(kernels, instructions, constants, copies);
    }

    @Override
    public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
        if (!(kernel instanceof FusedElementwise fused)) {
            metal.run(kernel, inputs, outputs, stream);
            return;
        }
        kernels++;
        Shape shape = outputs.getFirst().shape();
        List<Tensor> registers = new ArrayList<>(inputs);
        List<Buffer> temporaries = new ArrayList<>();
        try {
            for (int i = 0; i < fused.instructions().size(); i++) {
                FusedElementwise.Instruction instruction = fused.instructions().get(i);
                List<Tensor> operands = operands(instruction, registers);
                int output = fused.outputs().indexOf(registers.size());
                Tensor result;
                if (instruction.op() instanceof Primitive.Constant) {
                    result = temporary(new TensorSpec(instruction.dtype(), Shape.of()), temporaries);
                    constants++;
                } else if (output >= 0 && isFree(outputs.get(output), fused, i + 1, registers)) {
                    result = outputs.get(output);
                } else {
                    result = temporary(new TensorSpec(instruction.dtype(), shape), temporaries);
                }
                metal.run(instruction.op(), operands, List.of(result), stream);
                instructions++;
                registers.add(broadcast(result, shape));
            }
            for (int i = 0; i < outputs.size(); i++) {
                Tensor stored = registers.get(fused.outputs().get(i));
                if (!stored.buffer().equals(outputs.get(i).buffer())) {
                    metal.run(new Primitive.Copy(), List.of(stored), List.of(outputs.get(i)), stream);
                    copies++;
                }
            }
        } finally {
            temporaries.forEach(metal::release);
        }
    }

    private static List<Tensor> operands(FusedElementwise.Instruction instruction, List<Tensor> registers) {
        return Arrays.stream(instruction.operands().toArray())
                .mapToObj(registers::get)
                .toList();
    }

    /// True if no instruction from `next` on reads what lies in the output's memory now: an output may have an input's.
    private static boolean isFree(Tensor output, FusedElementwise fused, int next, List<Tensor> registers) {
        for (FusedElementwise.Instruction later :
                fused.instructions().subList(next, fused.instructions().size())) {
            for (int register : later.operands().toArray()) {
                if (register < registers.size()
                        && registers.get(register).buffer().equals(output.buffer())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Tensor broadcast(Tensor result, Shape shape) {
        return result.shape().equals(shape)
                ? result
                : new Tensor(result.buffer(), new TensorSpec(result.dtype(), shape), Ints.fill(shape.rank(), 0), 0);
    }

    private Tensor temporary(TensorSpec spec, List<Buffer> temporaries) {
        Buffer buffer = metal.allocate(spec.dtype(), spec.shape().size());
        temporaries.add(buffer);
        return Tensor.contiguous(buffer, spec);
    }

    @Override
    public String name() {
        return metal.name();
    }

    @Override
    public String device() {
        return metal.device();
    }

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return metal.supports(kernel, inputs);
    }

    @Override
    public Buffer allocate(DType dtype, int elements) {
        return metal.allocate(dtype, elements);
    }

    @Override
    public void release(Buffer buffer) {
        metal.release(buffer);
    }

    @Override
    public void upload(MemorySegment source, DType dtype, int elements, Buffer target) {
        metal.upload(source, dtype, elements, target);
    }

    @Override
    public void download(Tensor source, MemorySegment target) {
        metal.download(source, target);
    }

    @Override
    public void synchronize() {
        metal.synchronize();
    }

    @Override
    public MemoryStats memory() {
        return metal.memory();
    }

    @Override
    public void limits(long memoryLimit, long cacheLimit) {
        metal.limits(memoryLimit, cacheLimit);
    }

    @Override
    public void resetPeak() {
        metal.resetPeak();
    }

    @Override
    public void clearCache() {
        metal.clearCache();
    }

    @Override
    public void close() {
        metal.close();
    }
}
