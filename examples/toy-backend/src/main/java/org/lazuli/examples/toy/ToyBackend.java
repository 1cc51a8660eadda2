package org.lazuli.examples.toy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Holds arrays of every dtype in host memory, and runs what [Kernels] has. The rest falls back to the reference.
final class ToyBackend implements Backend {
    static final String NAME = "toy";

    /// Rounds sizes up, keeps what is released for the next allocation, and counts. A buffer's storage is a device's own memory later; byte arrays
    /// do for now.
    private final BufferPool<String, MemorySegment> pool;

    private boolean closed;

    ToyBackend() {
        long heap = Runtime.getRuntime().maxMemory();
        pool = new BufferPool<>(NAME, heap / 10 * 8, heap / 8, new HostMemory());
    }

    private static final class HostMemory implements BufferPool.Memory<String, MemorySegment> {
        @Override
        public MemorySegment obtain(String kind, long bytes) {
            return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }

        /// The garbage collector's matter. A device's memory is freed here.
        @Override
        public void giveBack(MemorySegment storage) {}
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return "host memory";
    }

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return Kernels.supports(kernel, inputs);
    }

    @Override
    public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
        checkOpen();
        List<TensorSpec> specs = inputs.stream().map(Tensor::spec).toList();
        if (!supports(kernel, specs)) {
            throw new UnsupportedOperationException(NAME + ": " + kernel + " is not supported on " + specs);
        }
        Kernels.run(kernel, inputs, outputs);
    }

    @Override
    public Buffer allocate(DType dtype, int elements) {
        checkOpen();
        return pool.allocate("host", (long) elements * dtype.bytes());
    }

    /// Also called after [#close], for what was still held.
    @Override
    @SuppressWarnings("unchecked")
    public void release(Buffer buffer) {
        if (!(buffer instanceof BufferPool.Allocation<?> allocation)) {
            throw new IllegalArgumentException(NAME + ": " + buffer + " is not a buffer of this backend");
        }
        pool.release((BufferPool.Allocation<MemorySegment>) allocation);
    }

    @Override
    public void upload(MemorySegment source, DType dtype, int elements, Buffer target) {
        checkOpen();
        MemorySegment.copy(source, 0, Elements.memory(target), 0, (long) elements * dtype.bytes());
    }

    @Override
    public void download(Tensor source, MemorySegment target) {
        checkOpen();
        Elements.copy(source, target);
    }

    /// Nothing to wait for: every call here is done when it returns. On a device, waits for the work that [#run] encoded, and throws what went wrong
    /// in it.
    @Override
    public void synchronize() {
        checkOpen();
    }

    @Override
    public MemoryStats memory() {
        return pool.stats();
    }

    @Override
    public void limits(long memoryLimit, long cacheLimit) {
        checkOpen();
        pool.limits(memoryLimit, cacheLimit);
    }

    @Override
    public void resetPeak() {
        pool.resetPeak();
    }

    @Override
    public void clearCache() {
        pool.clear();
    }

    @Override
    public void close() {
        closed = true;
        pool.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(NAME + ": the backend is closed");
        }
    }
}
