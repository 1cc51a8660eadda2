package org.lazuli.metal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.metal.kernels.Commands;
import org.lazuli.metal.kernels.Families;
import org.lazuli.metal.kernels.KernelFamily;
import org.lazuli.metal.objc.AutoreleasePool;
import org.lazuli.metal.objc.Device;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs kernels on a Metal device.
///
/// A call of [#run] only encodes; batches are committed when they are full, and when somebody waits. A failure on the device is thrown by the next
/// [#synchronize] or [#download], and the backend goes on.
public final class MetalBackend implements Backend {
    static final String NAME = "metal";

    private final Device device;
    private final boolean simulated;
    private final long maxBufferLength;
    private final BatchSize batchSize;
    private final Counting counting = new Counting();
    private final Streams streams;
    private final SharedMemory memory;
    private final BufferPool<SharedMemory.Kind, DeviceMemory> pool;
    private final KernelCache kernels;
    private boolean closed;

    /// @param device is closed with the backend
    MetalBackend(Device device, boolean simulated) {
        this.device = device;
        this.simulated = simulated;
        this.maxBufferLength = device.maxBufferLength();
        this.batchSize = BatchSize.of(device.architecture());
        this.streams = new Streams(device, counting);
        this.memory = new SharedMemory(device, streams);
        // As MLX has it: what the device works with well, and half as much again only under protest.
        long workingSet = device.recommendedMaxWorkingSetSize();
        this.pool = new BufferPool<>(NAME, workingSet / 20 * 19, workingSet / 4, memory);
        streams.setPool(pool);
        this.kernels = new KernelCache(device, streams, counting);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            String name = device.name();
            return simulated && !name.endsWith("(simulated)") ? name + " (simulated)" : name;
        }
    }

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return family(kernel, inputs) != null;
    }

    private static @Nullable KernelFamily family(Kernel kernel, List<TensorSpec> inputs) {
        for (TensorSpec input : inputs) {
            if (input.dtype() == DType.FLOAT64) {
                return null;
            }
        }
        for (KernelFamily family : Families.all()) {
            if (family.supports(kernel, inputs)) {
                return family;
            }
        }
        return null;
    }

    @Override
    public Buffer allocate(DType dtype, int elements) {
        checkOpen();
        long bytes = (long) elements * dtype.bytes();
        if (bytes > maxBufferLength) {
            throw new OutOfDeviceMemoryException("metal: a buffer of " + bytes
                    + " bytes is larger than the device allows, which is " + maxBufferLength
                    + " bytes; work on parts of the array");
        }
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            return pool.allocate(SharedMemory.Kind.SHARED, bytes);
        }
    }

    @Override
    public void release(Buffer buffer) {
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            pool.release(allocation(buffer));
        }
    }

    @SuppressWarnings("unchecked")
    private static BufferPool.Allocation<DeviceMemory> allocation(Buffer buffer) {
        if (buffer instanceof BufferPool.Allocation<?> allocation && allocation.storage() instanceof DeviceMemory) {
            return (BufferPool.Allocation<DeviceMemory>) allocation;
        }
        throw new IllegalArgumentException(NAME + ": " + buffer + " is not a buffer of this backend");
    }

    /// The memory that a tensor lies in.
    static DeviceMemory memory(Tensor tensor) {
        return allocation(tensor.buffer()).storage();
    }

    @Override
    public void upload(MemorySegment source, DType dtype, int elements, Buffer target) {
        checkOpen();
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            DeviceMemory to = allocation(target).storage();
            streams.await(to);
            MemorySegment.copy(source, 0, to.host(), 0, (long) elements * dtype.bytes());
            if (dtype == DType.BOOL) {
                normalize(to.host(), elements);
            }
        }
    }

    /// Kernels count on a bool being 0 or 1.
    private static void normalize(MemorySegment bools, int elements) {
        for (long i = 0; i < elements; i++) {
            byte value = bools.get(ValueLayout.JAVA_BYTE, i);
            bools.set(ValueLayout.JAVA_BYTE, i, (byte) (value != 0 ? 1 : 0));
        }
    }

    @Override
    public void download(Tensor source, MemorySegment target) {
        checkOpen();
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            DeviceMemory from = memory(source);
            streams.await(from);
            streams.throwFailure();
            HostCopy.toContiguous(source, from.host(), target);
        }
    }

    @Override
    public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
        checkOpen();
        List<TensorSpec> specs = new ArrayList<>(inputs.size());
        for (Tensor input : inputs) {
            specs.add(input.spec());
        }
        KernelFamily family = family(kernel, specs);
        if (family == null) {
            throw new UnsupportedOperationException(NAME + ": " + kernel + " is not supported on " + specs);
        }
        encode(stream, commands -> family.encode(kernel, inputs, outputs, commands));
    }

    /// Encodes commands into the stream's open batch, and sends it off if it is full then.
    void encode(Stream stream, Consumer<Commands> encoding) {
        checkOpen();
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            MetalStream queue = streams.get(stream.index());
            try (Encoding commands = new Encoding(queue, kernels, pool, counting)) {
                encoding.accept(commands);
            }
            queue.commitIfFull(batchSize);
        }
    }

    @Override
    public void synchronize() {
        checkOpen();
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            streams.drain();
            streams.throwFailure();
        }
    }

    @Override
    public MemoryStats memory() {
        return pool.stats();
    }

    @Override
    public void limits(long memoryLimit, long cacheLimit) {
        checkOpen();
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            pool.limits(memoryLimit, cacheLimit);
        }
    }

    @Override
    public void resetPeak() {
        pool.resetPeak();
    }

    @Override
    public void clearCache() {
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            pool.clear();
        }
    }

    /// How much is encoded before it is committed.
    BatchSize batchSize() {
        return batchSize;
    }

    /// What has been done so far.
    public MetalCounters counters() {
        return counting.snapshot();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            streams.drain();
            kernels.close();
            pool.clear();
            memory.close();
            streams.close();
            device.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(NAME + ": the backend is closed");
        }
    }
}
