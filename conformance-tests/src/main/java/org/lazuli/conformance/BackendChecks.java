package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Checks what a backend promises besides its kernels: memory, limits, closing, threads.
final class BackendChecks {
    static final String OPERATION = "backend";

    private static final int ELEMENTS = 1 << 18;
    private static final long BYTES = 4L * ELEMENTS;

    private final BackendProvider provider;
    private final Backend backend;
    private final Settings settings;

    BackendChecks(BackendProvider provider, Backend backend, Settings settings) {
        this.provider = provider;
        this.backend = backend;
        this.settings = settings;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (DType dtype : DType.values()) {
            checks.add(new Check(OPERATION, dtype.toString(), "round-trip", seed -> {
                Tally tally = new Tally();
                return tally.with(Search.first(
                        seed, settings.tries(Draw.SIZES.size()), Draw.SIZES.size(), c -> roundTrip(dtype, c, tally)));
            }));
        }
        add(checks, "identity", this::identity);
        add(checks, "memory", this::memory);
        add(checks, "limits", this::limits);
        add(checks, "closed", this::closed);
        add(checks, "threads", this::threads);
        return checks;
    }

    private static void add(List<Check> checks, String name, java.util.function.Supplier<@Nullable Finding> check) {
        checks.add(new Check(OPERATION, "", name, seed -> {
            Tally tally = new Tally();
            tally.ran();
            return tally.with(check.get());
        }));
    }

    /// Bits survive the way in and out, those of every NaN; a download puts any layout into row-major order.
    private @Nullable Finding roundTrip(DType dtype, Choices choices, Tally tally) {
        Draw draw = Draw.sized(dtype, choices, Draw.Kind.ORDINARY);
        HostTensor tensor = draw.anyBits(dtype, draw.shape());
        if (choices.flag()) {
            Draw small = Draw.deep(dtype, choices);
            HostTensor deep = small.anyBits(dtype, small.shape());
            tensor = choices.of(List.of(Layouts.values()))
                    .apply(List.of(deep), choices)
                    .getFirst();
        }
        tally.ran();
        Tensor uploaded = tensor.upload(backend);
        try {
            Finding finding = new Expected.Bits(tensor.rowMajor()).compare(HostTensor.download(backend, uploaded));
            return finding == null
                    ? null
                    : new Finding(
                            finding.kind(),
                            finding.got(),
                            finding.reference(),
                            "",
                            finding.allowed(),
                            tensor.toString(),
                            "var x = " + tensor.java() + "; // uploaded and downloaded again");
        } finally {
            backend.release(uploaded.buffer());
        }
    }

    private static Finding broken(String got, String promised) {
        return Finding.of(got, promised, "", "");
    }

    private @Nullable Finding identity() {
        if (!backend.name().equals(provider.name())) {
            return broken("the backend's name '" + backend.name() + "'", "the provider's, '" + provider.name() + "'");
        }
        if (backend.device().isBlank()) {
            return broken("a blank device", "the device in words");
        }
        return provider.spiVersion() == BackendProvider.SPI_VERSION
                ? null
                : broken("SPI version " + provider.spiVersion(), "version " + BackendProvider.SPI_VERSION);
    }

    /// Every figure through an allocation and a release.
    private @Nullable Finding memory() {
        backend.clearCache();
        backend.resetPeak();
        MemoryStats before = backend.memory();
        Buffer first = backend.allocate(DType.FLOAT32, ELEMENTS);
        Buffer second = backend.allocate(DType.UINT8, 3);
        MemoryStats held = backend.memory();
        backend.release(first);
        backend.release(second);
        MemoryStats after = backend.memory();
        backend.clearCache();
        MemoryStats cleared = backend.memory();
        long bytes = first.bytes() + second.bytes();
        Map<String, Boolean> promises = new TreeMap<>();
        promises.put("a buffer holds what was asked for", first.bytes() >= BYTES && second.bytes() >= 3);
        promises.put("active bytes grow by the buffers' bytes", held.active() - before.active() == bytes);
        promises.put("two buffers are counted", held.buffers() - before.buffers() == 2);
        promises.put("the peak is at least what is active", held.peak() >= held.active());
        promises.put("active bytes go back", after.active() == before.active());
        promises.put("the count of buffers goes back", after.buffers() == before.buffers());
        promises.put("the peak stays", after.peak() == held.peak());
        promises.put("clearCache() leaves nothing cached", cleared.cached() == 0);
        backend.resetPeak();
        promises.put("resetPeak() begins at what is active", backend.memory().peak() == before.active());
        return broken(promises, "before " + before + ", held " + held + ", released " + after + ", cleared " + cleared);
    }

    private static @Nullable Finding broken(Map<String, Boolean> promises, String figures) {
        for (Map.Entry<String, Boolean> promise : promises.entrySet()) {
            if (!promise.getValue()) {
                return broken(figures, promise.getKey());
            }
        }
        return null;
    }

    private @Nullable Finding limits() {
        MemoryStats before = backend.memory();
        Map<String, Boolean> promises = new TreeMap<>();
        String message = "nothing";
        try {
            backend.limits(before.active() + 2 * BYTES, 0);
            MemoryStats limited = backend.memory();
            promises.put(
                    "the figures tell the limits",
                    limited.memoryLimit() == before.active() + 2 * BYTES && limited.cacheLimit() == 0);
            Buffer first = backend.allocate(DType.FLOAT32, ELEMENTS);
            MemoryStats held = backend.memory();
            try {
                backend.release(backend.allocate(DType.FLOAT32, 2 * ELEMENTS));
                promises.put("an allocation beyond the limit fails", false);
            } catch (OutOfDeviceMemoryException e) {
                message = Objects.toString(e.getMessage());
                promises.put(
                        "the exception's message names sizes", message.chars().anyMatch(Character::isDigit));
            }
            promises.put(
                    "a failed allocation changes no figure",
                    backend.memory().active() == held.active()
                            && backend.memory().buffers() == held.buffers());
            backend.release(first);
            promises.put(
                    "nothing is cached with a cache limit of 0",
                    backend.memory().cached() == 0);
        } finally {
            backend.limits(before.memoryLimit(), before.cacheLimit());
        }
        backend.release(backend.allocate(DType.FLOAT32, 2 * ELEMENTS));
        promises.put("the limits can be set back", backend.memory().memoryLimit() == before.memoryLimit());
        return broken(promises, "an allocation threw: " + message + "; now " + backend.memory());
    }

    /// Every method that would touch the device throws, and closing again does nothing.
    private @Nullable Finding closed() {
        Backend other = provider.open();
        HostTensor one = HostTensor.of(new TensorSpec(DType.FLOAT32, Shape.of(2)), new double[] {1, 2});
        Tensor tensor = one.upload(other);
        other.close();
        Map<String, Runnable> calls = new TreeMap<>();
        calls.put("allocate", () -> other.allocate(DType.FLOAT32, 1));
        calls.put("upload", () -> one.uploadTo(other, tensor.buffer()));
        calls.put("download", () -> HostTensor.download(other, tensor));
        calls.put("run", () -> other.run(new Primitive.Copy(), List.of(tensor), List.of(tensor), Stream.DEFAULT));
        calls.put("synchronize", other::synchronize);
        for (Map.Entry<String, Runnable> call : calls.entrySet()) {
            try {
                call.getValue().run();
                return broken(call.getKey() + " went on after close()", "an IllegalStateException");
            } catch (IllegalStateException e) {
                // As promised; any other exception is reported as it is.
                if (e.getMessage() == null) {
                    return broken(call.getKey() + " threw without a message", "a message that says that it is closed");
                }
            }
        }
        other.close();
        return null;
    }

    /// One thread after another may call, as the runtime does for the threads of a program.
    private @Nullable Finding threads() {
        HostTensor x = HostTensor.of(
                new TensorSpec(DType.FLOAT32, Shape.of(1000)),
                new Random(1).doubles(1000).toArray());
        List<Throwable> problems = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    Tensor tensor = x.upload(backend);
                    try {
                        HostTensor back = HostTensor.download(backend, tensor);
                        if (!back.sameBits(x)) {
                            throw new IllegalStateException("another thread read " + back);
                        }
                        if (backend.supports(new Primitive.Copy(), List.of(x.spec()))) {
                            KernelRun.on(backend, new Primitive.Copy(), List.of(x));
                        }
                    } finally {
                        backend.release(tensor.buffer());
                    }
                } catch (RuntimeException e) {
                    problems.add(e);
                }
            });
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return problems.isEmpty()
                ? null
                : Finding.thrown(problems.getFirst(), "any thread may call", "one thread after another", "");
    }
}
