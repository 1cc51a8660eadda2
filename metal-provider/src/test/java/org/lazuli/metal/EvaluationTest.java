package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;

/// What a user writes, evaluated on the Metal backend.
class EvaluationTest {
    /// Opens the backend and shows it.
    private static final class Watched implements BackendProvider {
        private final MetalBackendProvider provider = new MetalBackendProvider();
        private MetalBackend backend;

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
            return provider.spiVersion();
        }

        @Override
        public Availability availability() {
            return provider.availability();
        }

        @Override
        public Backend open() {
            backend = provider.open();
            return backend;
        }
    }

    @Test
    void isChosenByItself() {
        Simulator.require();
        assertEquals("metal", Backends.current().name());
        assertTrue(Backends.current().device().endsWith("(simulated)"));
    }

    @Test
    void aChainIsOneDispatch() {
        Simulator.require();
        Watched watched = new Watched();
        try (Backends.Scope _ = Backends.use(watched)) {
            Array x = Ops.array(new float[] {1, 2, 3, 4});
            float[] values = x.mul(2).add(1).square().sqrt().neg().abs().toFloatArray();
            assertArrayEquals(new float[] {3, 5, 7, 9}, values);
            MetalCounters counters = watched.backend.counters();
            assertEquals(1, counters.dispatches());
            assertEquals(1, counters.commandBuffers());
            assertEquals(0, Backends.current().fallbacks());
        }
    }

    @Test
    void float64RunsOnTheReference() {
        Simulator.require();
        try (Backends.Scope _ = Backends.use(new MetalBackendProvider())) {
            Array x = Ops.array(new float[] {0.5f}).astype(DType.FLOAT64);
            assertEquals(Math.exp(0.5), x.exp().toDoubleArray()[0], 1e-15);
            assertTrue(Backends.current().fallbacks() > 0);
        }
    }

    @Test
    void randomNumbersAreTheReferences() {
        Simulator.require();
        Supplier<float[]> draw = () -> org.lazuli.Random.normal(org.lazuli.Shape.of(1001), org.lazuli.Random.key(7))
                .toFloatArray();
        float[] metal;
        try (Backends.Scope _ = Backends.use("metal")) {
            metal = draw.get();
        }
        try (Backends.Scope _ = Backends.use("cpu")) {
            assertArrayEquals(draw.get(), metal, 1e-6f);
        }
    }
}
