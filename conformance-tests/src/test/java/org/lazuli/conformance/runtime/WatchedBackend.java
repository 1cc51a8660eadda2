package org.lazuli.conformance.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.KernelCall;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// A reference backend of its own for a test, which notes what it is asked to do, and may pretend to support little. Everything evaluates
/// on it until it is closed.
final class WatchedBackend implements AutoCloseable {
    private final Backend target = new CpuBackendProvider().open();
    private final Predicate<Kernel> supported;
    private final Predicate<Accelerated> accelerated;
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<Integer> streams = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();
    private int allocations;
    private @Nullable RuntimeException failure;
    private final Backends.Scope scope;

    private WatchedBackend(Predicate<Kernel> supported, Predicate<Accelerated> accelerated) {
        this.supported = supported;
        this.accelerated = accelerated;
        this.scope = Backends.use(new Provider());
    }

    /// Opens a backend that supports everything.
    static WatchedBackend open() {
        return new WatchedBackend(kernel -> true, kernel -> false);
    }

    /// Opens a backend that supports what `supported` says.
    static WatchedBackend supporting(Predicate<Kernel> supported) {
        return new WatchedBackend(supported, kernel -> false);
    }

    /// Opens a backend that supports everything, and has kernels of its own on float32 where `accelerated` says so.
    static WatchedBackend accelerating(Predicate<Accelerated> accelerated) {
        return new WatchedBackend(kernel -> true, accelerated);
    }

    /// The kernels that ran, in order.
    List<Kernel> kernels() {
        return List.copyOf(kernels);
    }

    /// The stream of each of [#kernels].
    List<Integer> streams() {
        return List.copyOf(streams);
    }

    /// How many kernels were handed over together, for each time that several were.
    List<Integer> groups() {
        return List.copyOf(groups);
    }

    /// How many kernels of this type ran.
    long count(Class<? extends Kernel> type) {
        return kernels.stream().filter(type::isInstance).count();
    }

    /// How often an elementwise instruction ran, alone or within a fused kernel.
    long count(Primitive.Elementwise instruction) {
        return kernels.stream()
                .mapToLong(kernel -> switch (kernel) {
                    case FusedElementwise fused -> count(fused, instruction);
                    case FusedReduction fused -> count(fused.chain(), instruction);
                    default -> kernel.equals(instruction) ? 1 : 0;
                })
                .sum();
    }

    private static long count(FusedElementwise fused, Primitive.Elementwise instruction) {
        return fused.instructions().stream()
                .filter(i -> i.op().equals(instruction))
                .count();
    }

    int allocations() {
        return allocations;
    }

    /// Makes the next wait for the device throw, as one does whose work fails after it was encoded.
    void failAtSynchronize(RuntimeException cause) {
        failure = cause;
    }

    /// Forgets what was noted so far.
    void forget() {
        kernels.clear();
        streams.clear();
        groups.clear();
        allocations = 0;
    }

    @Override
    public void close() {
        scope.close();
    }

    private final class Provider implements BackendProvider {
        @Override
        public String name() {
            return "watched";
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
            return new Watched();
        }
    }

    private final class Watched implements Backend {
        @Override
        public String name() {
            return "watched";
        }

        @Override
        public String device() {
            return target.device();
        }

        @Override
        public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
            return kernel instanceof Accelerated own
                    ? accelerated.test(own) && inputs.getFirst().dtype() == DType.FLOAT32
                    : supported.test(kernel) && target.supports(kernel, inputs);
        }

        @Override
        public Buffer allocate(DType dtype, int elements) {
            Buffer buffer = target.allocate(dtype, elements);
            allocations++;
            return buffer;
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
        public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
            kernels.add(kernel);
            streams.add(stream.index());
            if (kernel instanceof Accelerated own) {
                AcceleratedByHand.run(target, own, inputs, outputs.getFirst());
            } else {
                target.run(kernel, inputs, outputs, stream);
            }
        }

        @Override
        public void run(List<KernelCall> calls, Stream stream) {
            groups.add(calls.size());
            for (KernelCall call : calls) {
                kernels.add(call.kernel());
                streams.add(stream.index());
            }
            target.run(calls, stream);
        }

        @Override
        public void synchronize() {
            target.synchronize();
            RuntimeException cause = failure;
            if (cause != null) {
                failure = null;
                throw cause;
            }
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
}
