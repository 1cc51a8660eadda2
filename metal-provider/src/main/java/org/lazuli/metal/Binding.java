package org.lazuli.metal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.metal.kernels.Dispatch;
import org.lazuli.metal.objc.ComputeEncoder;
import org.lazuli.spi.Tensor;

/// Collects a dispatch's arguments; they reach the encoder when all are known, after the barrier that they may call for.
final class Binding implements Dispatch {
    /// What a command may carry itself.
    private static final int MAX_BYTES = 4096;

    private static final int MAX_ARGUMENTS = 31;

    /// An argument: a tensor's memory with an offset, or the bytes themselves.
    private sealed interface Argument {
        record Memory(DeviceMemory memory, long offset) implements Argument {}

        record Bytes(MemorySegment bytes) implements Argument {}
    }

    private record Threadgroup(int index, int bytes) {}

    private final CompiledKernel kernel;
    private final MetalStream stream;
    private final Counting counting;
    private final List<Argument> arguments = new ArrayList<>();
    private final List<Threadgroup> threadgroups = new ArrayList<>();
    private final List<DeviceMemory> reads = new ArrayList<>();
    private final List<DeviceMemory> writes = new ArrayList<>();
    private long moved;

    Binding(CompiledKernel kernel, MetalStream stream, Counting counting) {
        this.kernel = kernel;
        this.stream = stream;
        this.counting = counting;
    }

    @Override
    public Dispatch read(Tensor tensor) {
        reads.add(bind(tensor));
        return this;
    }

    @Override
    public Dispatch write(Tensor tensor) {
        writes.add(bind(tensor));
        return this;
    }

    @Override
    public Dispatch readWrite(Tensor tensor) {
        DeviceMemory memory = bind(tensor);
        reads.add(memory);
        writes.add(memory);
        return this;
    }

    private DeviceMemory bind(Tensor tensor) {
        DeviceMemory memory = MetalBackend.memory(tensor);
        int width = tensor.dtype().bytes();
        add(new Argument.Memory(memory, (long) tensor.offset() * width));
        moved += (long) tensor.shape().size() * width;
        return memory;
    }

    @Override
    public Dispatch ints(int... values) {
        return bytes(MemorySegment.ofArray(values));
    }

    @Override
    public Dispatch longs(long... values) {
        return bytes(MemorySegment.ofArray(values));
    }

    @Override
    public Dispatch floats(float... values) {
        return bytes(MemorySegment.ofArray(values));
    }

    private Dispatch bytes(MemorySegment bytes) {
        if (bytes.byteSize() == 0 || bytes.byteSize() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    kernel.name() + ": " + bytes.byteSize() + " bytes of numbers are not between 1 and " + MAX_BYTES);
        }
        add(new Argument.Bytes(bytes));
        return this;
    }

    private void add(Argument argument) {
        if (arguments.size() == MAX_ARGUMENTS) {
            throw new IllegalArgumentException(kernel.name() + " has more than " + MAX_ARGUMENTS + " arguments");
        }
        arguments.add(argument);
    }

    @Override
    public Dispatch threadgroupMemory(int index, int bytes) {
        threadgroups.add(new Threadgroup(index, (bytes + 15) / 16 * 16));
        return this;
    }

    @Override
    public int maxThreads() {
        return kernel.pipeline().maxThreads();
    }

    @Override
    public int simdWidth() {
        return kernel.pipeline().width();
    }

    @Override
    public void threads(int count) {
        threads(count, 1, 1, Math.min(256, maxThreads()), 1, 1);
    }

    @Override
    public void threads(int x, int y, int z, int groupX, int groupY, int groupZ) {
        if (x > 0 && y > 0 && z > 0) {
            ComputeEncoder encoder = prepare(groupX, groupY, groupZ);
            encoder.dispatchThreads(x, y, z, groupX, groupY, groupZ);
        }
    }

    @Override
    public void groups(int x, int y, int z, int groupX, int groupY, int groupZ) {
        if (x > 0 && y > 0 && z > 0) {
            ComputeEncoder encoder = prepare(groupX, groupY, groupZ);
            encoder.dispatchThreadgroups(x, y, z, groupX, groupY, groupZ);
        }
    }

    private ComputeEncoder prepare(int groupX, int groupY, int groupZ) {
        long threads = (long) groupX * groupY * groupZ;
        if (groupX <= 0 || groupY <= 0 || groupZ <= 0 || threads > maxThreads()) {
            throw new IllegalArgumentException(kernel.name() + ": a threadgroup of " + groupX + "x" + groupY + "x"
                    + groupZ + " threads is not within 1 and " + maxThreads());
        }
        Batch batch = stream.batchAfter(reads, writes);
        ComputeEncoder encoder = batch.encoder();
        if (batch.hazards().add(reads, writes)) {
            encoder.barrier();
            counting.barriers++;
        }
        encoder.setPipeline(kernel.pipeline());
        kernel.use(stream, batch.serial());
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case Argument.Memory(DeviceMemory memory, long offset) ->
                        encoder.setBuffer(memory.buffer(), offset, i);
                    case Argument.Bytes(MemorySegment bytes) -> {
                        MemorySegment copy = arena.allocate(bytes.byteSize(), 16);
                        encoder.setBytes(copy.copyFrom(bytes), i);
                    }
                }
            }
        }
        for (Threadgroup memory : threadgroups) {
            encoder.setThreadgroupMemory(memory.bytes(), memory.index());
        }
        for (DeviceMemory memory : reads) {
            memory.use(stream, batch.serial());
        }
        for (DeviceMemory memory : writes) {
            memory.write(stream, batch.serial());
        }
        batch.add(moved);
        counting.dispatches++;
        return encoder;
    }
}
