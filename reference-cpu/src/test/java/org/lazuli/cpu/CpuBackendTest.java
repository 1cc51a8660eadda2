package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;

class CpuBackendTest {
    @Test
    void isFoundAsAService() {
        CpuBackendTest.class.getModule().addUses(BackendProvider.class);
        List<BackendProvider> providers = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("cpu"))
                .toList();
        assertEquals(1, providers.size());
        BackendProvider provider = providers.getFirst();
        assertEquals(0, provider.priority());
        assertEquals(BackendProvider.SPI_VERSION, provider.spiVersion());
        assertInstanceOf(Availability.Available.class, provider.availability());
        try (Backend backend = provider.open()) {
            assertEquals("cpu", backend.name());
            assertTrue(backend.device().contains("thread"), backend.device());
        }
    }

    @Test
    void countsWhatIsHeld() {
        try (Backend backend = new CpuBackend(VectorSupport.get())) {
            Buffer first = backend.allocate(DType.FLOAT32, 1000);
            Buffer second = backend.allocate(DType.COMPLEX64, 1000);
            assertTrue(first.bytes() >= 4000 && first.bytes() < 4600, "" + first.bytes());
            assertTrue(second.bytes() >= 8000 && second.bytes() < 9100, "" + second.bytes());
            MemoryStats held = backend.memory();
            assertEquals(first.bytes() + second.bytes(), held.active());
            assertEquals(2, held.buffers());
            backend.release(first);
            MemoryStats released = backend.memory();
            assertEquals(second.bytes(), released.active());
            assertEquals(first.bytes(), released.cached());
            assertEquals(held.active(), released.peak());
            backend.resetPeak();
            assertEquals(second.bytes(), backend.memory().peak());
            backend.clearCache();
            assertEquals(0, backend.memory().cached());
            backend.release(second);
            assertEquals(0, backend.memory().active());
            assertEquals(0, backend.memory().buffers());
        }
    }

    @Test
    void defaultLimitsFollowTheHeap() {
        try (Backend backend = new CpuBackend(VectorSupport.get())) {
            long heap = Runtime.getRuntime().maxMemory();
            assertEquals(0.8, (double) backend.memory().memoryLimit() / heap, 0.01);
            assertTrue(backend.memory().cacheLimit() <= heap / 4);
            assertTrue(
                    backend.memory().cacheLimit() >= Math.min(backend.memory().memoryLimit() / 4, 1L << 31),
                    "what a collection brings back has room");
        }
    }

    @Test
    void refusesMoreThanTheLimit() {
        try (Backend backend = new CpuBackend(VectorSupport.get())) {
            backend.limits(10_000, 10_000);
            Buffer held = backend.allocate(DType.UINT8, 6000);
            OutOfDeviceMemoryException refused =
                    assertThrows(OutOfDeviceMemoryException.class, () -> backend.allocate(DType.FLOAT64, 1000));
            assertTrue(String.valueOf(refused.getMessage()).contains("7.8 KiB"), refused.getMessage());
            assertTrue(String.valueOf(refused.getMessage()).contains("9.8 KiB"), refused.getMessage());
            backend.release(held);
            backend.release(backend.allocate(DType.FLOAT64, 1000));
        }
    }

    @Test
    void aFullHeapIsOutOfDeviceMemory() {
        try (Backend backend = new CpuBackend(VectorSupport.get())) {
            backend.limits(Long.MAX_VALUE, 0);
            assertThrows(OutOfDeviceMemoryException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    keep[i] = backend.allocate(DType.FLOAT64, Integer.MAX_VALUE - 8);
                }
            });
            java.util.Arrays.fill(keep, null);
        }
    }

    private final Buffer[] keep = new Buffer[1000];

    @Test
    void refusesWhatIsReleasedTwice() {
        try (Backend backend = new CpuBackend(VectorSupport.get())) {
            Buffer buffer = backend.allocate(DType.INT8, 3);
            backend.release(buffer);
            assertThrows(IllegalStateException.class, () -> backend.release(buffer));
            assertEquals(0, backend.memory().active());
        }
    }

    @Test
    void aClosedBackendSaysSo() {
        Workbench bench = new Workbench();
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(1), 1);
        Backend backend = bench.backend;
        backend.close();
        for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
                () -> backend.allocate(DType.FLOAT32, 1),
                () -> backend.download(x, MemorySegment.ofArray(new float[1])),
                () -> backend.upload(MemorySegment.ofArray(new float[1]), DType.FLOAT32, 1, x.buffer()),
                () -> backend.run(new Primitive.Copy(), List.of(x), List.of(x), Stream.DEFAULT),
                backend::synchronize)) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, use);
            assertEquals("cpu: the backend is closed", refused.getMessage());
        }
        // Buffers that a cleaner gives back later must not fail there.
        backend.release(x.buffer());
        backend.close();
    }

    @Test
    void uploadsFromNativeMemory() {
        try (Workbench bench = new Workbench();
                java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment source = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_FLOAT, 1, 2, 3);
            Buffer buffer = bench.backend.allocate(DType.FLOAT32, 3);
            bench.backend.upload(source, DType.FLOAT32, 3, buffer);
            Tensor x = Tensor.contiguous(buffer, new org.lazuli.spi.TensorSpec(DType.FLOAT32, Shape.of(3)));
            assertArrayEquals(new double[] {1, 2, 3}, bench.values(x));
        }
    }
}
