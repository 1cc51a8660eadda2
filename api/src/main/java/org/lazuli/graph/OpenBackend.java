package org.lazuli.graph;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.KernelCall;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// A backend in use, with what the runtime adds to every backend: the fallback to the reference for kernels it lacks, a collection before it is
/// out of memory, and an error for what is used after it was closed.
///
/// All methods but the simple readers are called with the evaluator's lock held.
public final class OpenBackend {
    private final Backend backend;
    private final Set<String> announced = new HashSet<>();
    private final AtomicLong fallbacks = new AtomicLong();
    private final Garbage garbage;
    private volatile boolean closed;

    OpenBackend(Backend backend) {
        this.backend = backend;
        this.garbage = new Garbage(backend);
    }

    public String name() {
        return backend.name();
    }

    public String device() {
        return backend.device();
    }

    Backend backend() {
        return backend;
    }

    /// How many kernels ran on the reference backend because this one does not support them.
    public long fallbacks() {
        return fallbacks.get();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (!closed) {
            closed = true;
            Evaluator.forget(this);
            backend.close();
        }
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("eval: the backend '" + name()
                    + "' that holds this array is closed; read the values before closing it, or compute them again");
        }
    }

    Buffer allocate(TensorSpec spec) {
        checkOpen();
        Storage.KEPT.reclaim();
        Buffer buffer;
        try {
            buffer = backend.allocate(spec.dtype(), spec.shape().size());
        } catch (OutOfDeviceMemoryException first) {
            buffer = allocateAfterCollection(spec, first);
        }
        garbage.allocated(buffer);
        return buffer;
    }

    /// Arrays that the program no longer reaches still hold buffers until the garbage collector has looked.
    private Buffer allocateAfterCollection(TensorSpec spec, OutOfDeviceMemoryException first) {
        for (int attempt = 0; attempt < 3; attempt++) {
            System.gc();
            try {
                Thread.sleep(10L << attempt);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw first;
            }
            Storage.KEPT.reclaimNow();
            backend.clearCache();
            try {
                return backend.allocate(spec.dtype(), spec.shape().size());
            } catch (OutOfDeviceMemoryException again) {
                first.addSuppressed(again);
            }
        }
        throw first;
    }

    void release(Buffer buffer) {
        if (!closed) {
            garbage.released(buffer);
            backend.release(buffer);
        }
    }

    /// True if this backend runs the kernel itself.
    boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        checkOpen();
        return backend.supports(kernel, inputs);
    }

    /// Runs a kernel here, or on the reference backend if this one does not support it.
    void run(KernelCall call, Stream stream) {
        checkOpen();
        List<TensorSpec> specs = specs(call);
        if (backend.supports(call.kernel(), specs)) {
            backend.run(call.kernel(), call.inputs(), call.outputs(), stream);
        } else {
            runOnReference(call, specs);
        }
    }

    /// Runs kernels of which none touches memory that another one writes.
    void run(List<KernelCall> calls, Stream stream) {
        checkOpen();
        for (KernelCall call : calls) {
            if (!backend.supports(call.kernel(), specs(call))) {
                calls.forEach(each -> run(each, stream));
                return;
            }
        }
        backend.run(calls, stream);
    }

    private static List<TensorSpec> specs(KernelCall call) {
        List<TensorSpec> specs = new ArrayList<>(call.inputs().size());
        for (Tensor input : call.inputs()) {
            specs.add(input.spec());
        }
        return specs;
    }

    private void runOnReference(KernelCall call, List<TensorSpec> specs) {
        Kernel kernel = call.kernel();
        OpenBackend reference = ActiveBackend.reference();
        if (reference == this || !reference.backend.supports(kernel, specs)) {
            throw new UnsupportedOperationException("eval: neither backend '" + name()
                    + "' nor the reference backend can run " + kernel + " on " + specs);
        }
        fallbacks.incrementAndGet();
        announce(kernel, specs);
        runElsewhere(reference, call);
    }

    /// Says once for each kind of kernel that it runs elsewhere.
    private void announce(Kernel kernel, List<TensorSpec> specs) {
        String text = kernel instanceof FusedElementwise fused
                ? "fused "
                        + fused.instructions().stream()
                                .map(instruction -> instruction.op() + " to " + instruction.dtype())
                                .distinct()
                                .sorted()
                                .toList()
                : kernel + " on " + specs.stream().map(TensorSpec::dtype).toList();
        if (announced.add(text)) {
            // Not looked up earlier: the first logger takes as long to start as a small program.
            System.getLogger("org.lazuli")
                    .log(
                            Level.INFO,
                            "backend {0} does not support {1}; it runs on the reference backend",
                            name(),
                            text);
        }
    }

    /// The queue that is used when none is named.
    Stream defaultStream() {
        int index = Placement.defaultStream(name());
        return index == 0 ? Stream.DEFAULT : new Stream(index);
    }

    private void runElsewhere(OpenBackend other, KernelCall call) {
        List<Tensor> theirInputs = new ArrayList<>();
        List<Tensor> theirOutputs = new ArrayList<>();
        try {
            for (Tensor input : call.inputs()) {
                theirInputs.add(transfer(input, other));
            }
            for (Tensor output : call.outputs()) {
                theirOutputs.add(Tensor.contiguous(other.allocate(output.spec()), output.spec()));
            }
            other.backend.run(call.kernel(), theirInputs, theirOutputs, Stream.DEFAULT);
            other.backend.synchronize();
            for (int i = 0; i < theirOutputs.size(); i++) {
                copy(other, theirOutputs.get(i), call.outputs().get(i).buffer());
            }
        } finally {
            theirInputs.forEach(tensor -> other.release(tensor.buffer()));
            theirOutputs.forEach(tensor -> other.release(tensor.buffer()));
        }
    }

    /// A copy of the tensor in another backend's memory.
    Tensor transfer(Tensor tensor, OpenBackend other) {
        checkOpen();
        Buffer target = other.allocate(tensor.spec());
        other.copy(this, tensor, target);
        return Tensor.contiguous(target, tensor.spec());
    }

    /// Copies another backend's tensor into a buffer of this one, through host memory.
    private void copy(OpenBackend source, Tensor tensor, Buffer target) {
        int size = tensor.shape().size();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host =
                    arena.allocate(Math.max(1, (long) size * tensor.dtype().bytes()), 8);
            source.backend.download(tensor, host);
            backend.upload(host, tensor.dtype(), size, target);
            backend.synchronize();
        }
    }
}
