package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.lazuli.MathMode;
import org.lazuli.metal.kernels.Msl;
import org.lazuli.metal.objc.AutoreleasePool;
import org.lazuli.metal.objc.Device;
import org.lazuli.metal.objc.ObjectiveC;

class KernelCacheTest {
    private static String source(String name) {
        return Msl.PRELUDE + "kernel void " + name + "(device float* x [[buffer(0)]]) { x[0] = 1.0f; }";
    }

    private static CompiledKernel generated(KernelCache cache, String name) {
        return cache.generated(name, () -> source(name), MathMode.SAFE);
    }

    @Test
    void keepsTheGeneratedKernelsThatWereUsedLast() {
        Simulator.require();
        ObjectiveC.load(System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY));
        String before = SimulatorLog.liveObjects();
        try (AutoreleasePool _ = AutoreleasePool.push();
                Device device = Device.systemDefault()) {
            assertNotNull(device);
            Counting counting = new Counting();
            try (Streams streams = new Streams(device, counting);
                    KernelCache cache = new KernelCache(device, streams, counting, 2)) {
                CompiledKernel fixed = cache.fixed("fixed", () -> source("fixed"));
                CompiledKernel a = generated(cache, "a");
                generated(cache, "b");
                assertSame(a, generated(cache, "a"));
                generated(cache, "c");
                assertEquals(3, cache.size());
                assertSame(a, generated(cache, "a"));
                assertEquals(4, counting.compilations);
                generated(cache, "b");
                assertEquals(5, counting.compilations, "b was used longest ago");
                assertSame(fixed, cache.fixed("fixed", () -> source("fixed")));
                assertEquals(5, counting.compilations);
            }
        }
        assertEquals(before, SimulatorLog.settled(before));
    }
}
