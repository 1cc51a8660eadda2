package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Ops;
import org.lazuli.conformance.input.Refused;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.graph.ActiveBackend;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Primitive;

/// Which backend evaluates, what runs elsewhere when it lacks a kernel, and what happens once it is closed.
class BackendTest {
    private record Fake(String name, int spiVersion, Availability availability) implements BackendProvider {
        @Override
        public int priority() {
            return 100;
        }

        @Override
        public Backend open() {
            throw new AssertionError("must not be opened");
        }
    }

    @Test
    void aProviderOfAnotherVersionIsRefused() {
        var old = new Fake("old", BackendProvider.SPI_VERSION + 7, Availability.available());
        Refused.with(
                IllegalStateException.class,
                () -> Backends.use(old),
                "'old'",
                "version " + (BackendProvider.SPI_VERSION + 7),
                "version " + BackendProvider.SPI_VERSION);
        assertEquals(3, Ops.array(1).add(2).itemLong());
    }

    @Test
    void anUnavailableProviderSaysWhy() {
        var absent = new Fake("absent", BackendProvider.SPI_VERSION, Availability.unavailable("needs another machine"));
        Refused.with(IllegalStateException.class, () -> Backends.use(absent), "'absent'", "needs another machine");
    }

    @Test
    void anUnknownNameListsWhatWasTried() {
        Refused.with(
                IllegalStateException.class, () -> Backends.use("nosuch"), "'nosuch'", "Tried:", "cpu (priority 0)");
        String before = System.getProperty("lazuli.backend");
        var active = ActiveBackend.currentOrNull();
        System.setProperty("lazuli.backend", "nosuch");
        ActiveBackend.setCurrent(null);
        try {
            Refused.with(
                    IllegalStateException.class,
                    () -> Backends.current(),
                    "'nosuch'",
                    "-Dlazuli.backend",
                    "cpu (priority 0): available");
        } finally {
            if (before == null) {
                System.clearProperty("lazuli.backend");
            } else {
                System.setProperty("lazuli.backend", before);
            }
            ActiveBackend.setCurrent(active);
        }
        assertEquals(3, Ops.array(1).add(2).itemLong());
    }

    @Test
    void whatABackendLacksRunsOnTheReferenceAndIsCounted() {
        float[][] data = {{1, 2}, {3, 4}};
        float[] expected =
                Ops.array(data).cumsum(0).exp().matmul(Ops.array(data)).toFloatArray();
        try (var backend = WatchedBackend.supporting(kernel -> !(kernel instanceof Primitive.Scan))) {
            Array x = Ops.array(data);
            assertEquals(0, Backends.current().fallbacks());
            assertArrayEquals(expected, x.cumsum(0).exp().matmul(x).toFloatArray());
            assertEquals(1, Backends.current().fallbacks());
            assertEquals(0, backend.count(Primitive.Scan.class));
            assertTrue(backend.count(Primitive.MatMul.class) == 1, "what it supports it runs itself");
            x.cumsum(1).eval();
            assertEquals(2, Backends.current().fallbacks());
        }
    }

    @Test
    void anArrayOfAClosedBackendSaysSo() {
        Array value;
        Array lazy;
        try (var backend = WatchedBackend.open()) {
            value = Ops.array(new float[] {1, 2}).add(1).eval();
            lazy = value.mul(2);
            assertEquals(0, backend.count(Primitive.MatMul.class));
        }
        Refused.with(IllegalStateException.class, value::toFloatArray, "'watched'", "closed");
        Refused.with(IllegalStateException.class, lazy::toFloatArray, "'watched'", "closed");
        assertEquals(3, Ops.array(1).add(2).itemLong());
    }

    @Test
    void anArrayMovesToTheBackendThatEvaluates() {
        Array outside =
                Ops.array(new float[] {1, 2, 3, 4}).reshape(2, 2).transpose().eval();
        try (var _ = Backends.use(new CpuBackendProvider())) {
            assertArrayEquals(new float[] {2, 6, 4, 8}, outside.mul(2).toFloatArray());
            assertEquals("cpu", Backends.current().name());
        }
        assertArrayEquals(new float[] {1, 3, 2, 4}, outside.toFloatArray());
    }
}
