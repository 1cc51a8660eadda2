package org.lazuli.metal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.lazuli.DType;
import org.lazuli.MathMode;
import org.lazuli.Shape;
import org.lazuli.metal.kernels.Commands;
import org.lazuli.metal.kernels.Dispatch;
import org.lazuli.metal.kernels.IndexKernels;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The commands of one kernel call. Its scratch memory goes back to the pool at the end: whoever gets it next comes later in the stream, or waits.
final class Encoding implements Commands, AutoCloseable {
    private final MetalStream stream;
    private final KernelCache kernels;
    private final BufferPool<SharedMemory.Kind, DeviceMemory> pool;
    private final Counting counting;
    private final List<BufferPool.Allocation<DeviceMemory>> scratch = new ArrayList<>();

    Encoding(
            MetalStream stream,
            KernelCache kernels,
            BufferPool<SharedMemory.Kind, DeviceMemory> pool,
            Counting counting) {
        this.stream = stream;
        this.kernels = kernels;
        this.pool = pool;
        this.counting = counting;
    }

    @Override
    public Dispatch kernel(String name, Supplier<String> source) {
        return new Binding(kernels.fixed(name, source), stream, counting);
    }

    @Override
    public Dispatch generated(String name, Supplier<String> source, MathMode math) {
        return new Binding(kernels.generated(name, source, math), stream, counting);
    }

    @Override
    public Tensor temporary(DType dtype, int elements) {
        BufferPool.Allocation<DeviceMemory> memory =
                pool.allocate(SharedMemory.Kind.SHARED, (long) elements * dtype.bytes());
        scratch.add(memory);
        return Tensor.contiguous(memory, new TensorSpec(dtype, Shape.of(elements)));
    }

    @Override
    public void checkIndices(String operation, Tensor indices, int axis, int size) {
        int count = indices.shape().size();
        if (count == 0) {
            return;
        }
        int groups = IndexKernels.groups(count);
        BufferPool.Allocation<DeviceMemory> findings =
                pool.allocate(SharedMemory.Kind.SHARED, (long) groups * IndexCheck.ENTRY);
        try {
            TensorSpec spec = new TensorSpec(DType.UINT8, Shape.of(groups * IndexCheck.ENTRY));
            IndexKernels.encode(indices, size, Tensor.contiguous(findings, spec), this);
        } catch (RuntimeException | Error e) {
            pool.release(findings);
            throw e;
        }
        // It belongs to the batch that the check was encoded into, which has not been committed since.
        stream.current()
                .checks()
                .add(new IndexCheck(operation, axis, size, indices.dtype().isUnsigned(), findings, groups));
    }

    @Override
    public void close() {
        scratch.forEach(pool::release);
    }
}
