package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.checkpoint;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Device;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Stream;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Primitive;

/// One program on two devices: `watched` is the default, `cpu` the other one.
class DevicesTest {
    private static final float[][] DATA = {{1, 2}, {3, 4}};

    @Test
    void aScopeRunsOnItsDevice() {
        try (var watched = WatchedBackend.open()) {
            assertEquals(new Device("watched"), Device.defaultDevice());
            Array x = Ops.array(DATA);
            Array product;
            try (var _ = Device.CPU.open()) {
                product = x.matmul(x);
            }
            Array sum = product.add(1).sum(0);
            assertArrayEquals(new float[] {24, 34}, sum.toFloatArray());
            assertEquals(0, watched.count(Primitive.MatMul.class));
            assertEquals(1, watched.count(FusedReduction.class));
            assertArrayEquals(new float[] {7, 10, 15, 22}, product.toFloatArray());
            assertEquals(0, org.lazuli.Backends.current().fallbacks(), "placed, not fallen back");
        }
    }

    @Test
    void scopesNestAndEndWithTheirThread() {
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA);
            Array inner;
            Array outer;
            try (var _ = Device.CPU.open()) {
                try (var _ = Device.defaultDevice().open()) {
                    inner = x.matmul(x);
                }
                outer = x.matmul(x.add(1));
            }
            Ops.eval(inner, outer);
            assertEquals(1, watched.count(Primitive.MatMul.class));
            Stream.Scope scope = Device.CPU.open();
            Thread other = Thread.ofPlatform().start(() -> x.matmul(x.sub(1)).eval());
            join(other);
            assertEquals(2, watched.count(Primitive.MatMul.class), "another thread is in no scope");
            Thread closer = Thread.ofPlatform()
                    .start(() ->
                            Refused.with(IllegalStateException.class, scope::close, "belongs to", "open one there"));
            join(closer);
            scope.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// `x @ x` on the CPU, the rest where the evaluation is.
    private static Array mixed(Array x) {
        return Device.CPU.run(() -> x.matmul(x)).exp();
    }

    @Test
    void transformationsStayOnTheDevices() {
        Array x = Ops.array(DATA).mul(0.1);
        Unary plain = v -> v.matmul(v).exp().sum();
        float[] gradient = grad(plain).apply(x).toFloatArray();
        float[] second =
                grad((Array v) -> grad(plain).apply(v).square().sum()).apply(x).toFloatArray();
        float[] value = x.matmul(x).exp().toFloatArray();
        try (var watched = WatchedBackend.open()) {
            Array here = Ops.array(DATA).mul(0.1);
            Unary loss = v -> mixed(v).sum();
            assertArrayEquals(gradient, grad(loss).apply(here).toFloatArray());
            assertArrayEquals(
                    second,
                    grad((Array v) -> grad(loss).apply(v).square().sum())
                            .apply(here)
                            .toFloatArray());
            assertArrayEquals(gradient, grad(checkpoint(loss)).apply(here).toFloatArray());
            Unary compiled = compile(DevicesTest::mixed);
            assertArrayEquals(value, compiled.apply(here).toFloatArray());
            assertArrayEquals(value, compiled.apply(here.add(0)).toFloatArray());
            Array batch = Ops.stack(List.of(here, here));
            assertArrayEquals(
                    value,
                    vmap(DevicesTest::mixed)
                            .apply(batch)
                            .get(org.lazuli.Index.at(1))
                            .toFloatArray());
            assertEquals(0, watched.count(Primitive.MatMul.class));
            assertTrue(watched.count(new Primitive.Unary(Primitive.UnaryOp.EXP)) > 0);
        }
    }

    @Test
    void aCompiledFunctionRunsWhereItIsCalled() {
        Unary compiled = compile((Array v) -> v.matmul(v));
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA);
            Device.CPU.run(() -> compiled.apply(x).eval());
            assertEquals(0, watched.count(Primitive.MatMul.class));
            compiled.apply(x).eval();
            assertEquals(1, watched.count(Primitive.MatMul.class));
            Device.CPU.run(() -> compiled.apply(x).eval());
            assertEquals(1, watched.count(Primitive.MatMul.class));
        }
    }

    @Test
    void equalOperationsOfTwoDevicesAreTwo() {
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA);
            Array there = Device.CPU.run(() -> x.exp());
            Array here = x.exp();
            assertArrayEquals(
                    new boolean[] {true, true, true, true}, there.eq(here).toBooleanArray());
            assertEquals(1, watched.count(new Primitive.Unary(Primitive.UnaryOp.EXP)));
        }
    }

    @Test
    void whatOneDeviceLacksRunsOnTheOther() {
        try (var watched = WatchedBackend.supporting(
                kernel -> !(kernel instanceof Primitive.Cast cast && cast.dtype() == DType.FLOAT64))) {
            Array x = Ops.array(DATA);
            Array wide = Device.CPU.run(() -> x.astype(DType.FLOAT64).matmul(x.astype(DType.FLOAT64)));
            assertArrayEquals(new double[] {7, 10, 15, 22}, wide.toDoubleArray());
            assertEquals(0, org.lazuli.Backends.current().fallbacks());
            assertArrayEquals(
                    new float[] {8, 11, 16, 23},
                    wide.astype(DType.FLOAT32).add(1).toFloatArray());
        }
    }

    @Test
    void valuesOutliveTheDeviceThatTheyWereNotOn() {
        Array kept;
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA);
            kept = Device.CPU.run(() -> x.add(1)).eval();
            assertEquals(0, watched.kernels().size());
        }
        assertArrayEquals(new float[] {2, 3, 4, 5}, kept.toFloatArray());
    }

    @Test
    void kernelsRunInTheirStreams() {
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA);
            Stream side = Stream.create(Device.defaultDevice());
            Array a = side.run(() -> x.matmul(x));
            Array b = x.matmul(x);
            Array c = a.add(b).eval();
            assertArrayEquals(new float[] {14, 20, 30, 44}, c.toFloatArray());
            assertEquals(List.of(side.index(), 0, 0), watched.streams());
            watched.forget();
            Stream before = Stream.setDefault(side);
            try {
                x.matmul(x).eval();
                assertEquals(side, Stream.defaultOf(Device.defaultDevice()));
                assertEquals(List.of(side.index()), watched.streams());
            } finally {
                Stream.setDefault(before);
            }
        }
    }

    @Test
    void memoryTellsOfTheDeviceInScope() {
        try (var watched = WatchedBackend.open()) {
            long before = Memory.active();
            long cpu = Device.CPU.run(Memory::active);
            Array x = Ops.zeros(1000).add(1).eval();
            long one = Memory.active() - before;
            assertTrue(one >= 4000 && one < 8000, () -> one + " bytes for 4000");
            assertEquals(cpu, Device.CPU.run(Memory::active));
            Array y = Device.CPU.run(() -> x.add(1)).eval();
            assertEquals(before + one, Memory.active());
            long other = Device.CPU.run(Memory::active) - cpu;
            assertTrue(other >= 4000 && other < 8000, () -> other + " bytes for 4000");
            assertEquals(3000, x.add(y).sum().item());
            assertTrue(watched.allocations() > 0);
        }
    }

    @Test
    void devicesAreKnownByName() {
        assertTrue(Device.all().contains(Device.CPU));
        assertTrue(Device.CPU.isAvailable());
        assertEquals(1, Device.CPU.count());
        assertEquals("cpu", Device.CPU.info().name());
        assertTrue(Device.CPU.info().memory().memoryLimit() > 0);
        assertEquals(Device.CPU, Device.of("cpu"));
        assertFalse(new Device("nosuch").isAvailable());
        Refused.with(IllegalArgumentException.class, () -> Device.of("nosuch"), "'nosuch'", "cpu");
        Refused.with(IllegalStateException.class, () -> new Device("nosuch").open(), "'nosuch'", "Tried:");
        Refused.with(IllegalStateException.class, () -> Device.setDefault(new Device("nosuch")), "'nosuch'");
        assertEquals("Stream(Device(cpu), 0)", new Stream(Device.CPU, 0).toString());
    }

    @Test
    void theDefaultChangesForTheWholeProgram() {
        try (var watched = WatchedBackend.open()) {
            Array x = Ops.array(DATA).add(1).eval();
            Device before = Device.setDefault(Device.CPU);
            assertEquals(new Device("watched"), before);
            watched.forget();
            assertArrayEquals(new float[] {3, 4, 5, 6}, x.add(1).toFloatArray());
            assertEquals(0, watched.kernels().size());
        }
    }

    @Test
    void synchronizeWaitsForWhatWasAsked() {
        Array x = Ops.arange(100_000).add(1);
        Ops.asyncEval(x);
        Stream.synchronize();
        assertTrue(org.lazuli.graph.Graph.node(x).isEvaluated());
    }
}
