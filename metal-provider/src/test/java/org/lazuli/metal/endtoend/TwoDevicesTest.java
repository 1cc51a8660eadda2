package org.lazuli.metal.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Device;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Stream;
import org.lazuli.Transforms;
import org.lazuli.conformance.Collected;
import org.lazuli.function.Unary;
import org.lazuli.metal.MetalCounters;
import org.lazuli.metal.Simulator;

/// One program on Metal and the CPU: where each operation runs, how values cross, and whose memory is whose.
class TwoDevicesTest {
    private static final float[][] DATA = {{1, 2}, {3, 4}};

    @BeforeEach
    void simulated() {
        Simulator.require();
    }

    @Test
    void float64RunsOnTheCpuInTheMiddleOfAProgramOnMetal() {
        Opened opened = new Opened();
        try (var _ = Backends.use(opened)) {
            Array x = Ops.array(DATA);
            Array wide;
            try (var _ = Device.CPU.open()) {
                Array y = x.astype(DType.FLOAT64);
                wide = y.matmul(y).add(1e-12);
            }
            Array z = wide.astype(DType.FLOAT32).exp().sum();
            MetalCounters before = opened.metal().counters();
            double expected = Math.exp(7) + Math.exp(10) + Math.exp(15) + Math.exp(22);
            assertEquals(expected, z.item(), 1e-5 * expected);
            assertTrue(opened.metal().counters().since(before).dispatches() > 0, "the exponential runs on Metal");
            assertEquals(7 + 1e-12, wide.toDoubleArray()[0]);
        }
    }

    @Test
    void gradientsCrossBothWays() {
        Unary loss = x -> Device.CPU.run(() -> x.matmul(x)).tanh().sum();
        Array here = Ops.array(DATA).mul(0.1);
        float[] expected = Transforms.grad((Array x) -> x.matmul(x).tanh().sum())
                .apply(here)
                .toFloatArray();
        try (var _ = Backends.use(new Opened())) {
            Array x = Ops.array(DATA).mul(0.1);
            assertArrayEquals(expected, Transforms.grad(loss).apply(x).toFloatArray(), 1e-6f);
            assertArrayEquals(
                    expected, Transforms.compile(Transforms.grad(loss)).apply(x).toFloatArray(), 1e-6f);
        }
    }

    @Test
    void streamsWaitForWhatTheyRead() {
        try (var _ = Backends.use(new Opened())) {
            Array x = Ops.ones(1000);
            Stream[] streams = {
                Stream.defaultOf(Device.defaultDevice()),
                Stream.create(Device.defaultDevice()),
                Stream.create(Device.defaultDevice())
            };
            Array sum = x;
            for (int i = 0; i < 30; i++) {
                Array last = sum;
                sum = streams[i % 3].run(() -> last.add(x));
            }
            float[] values = sum.toFloatArray();
            for (float value : values) {
                assertEquals(31, value);
            }
        }
    }

    @Test
    void memoryIsCountedOnTheDeviceThatHoldsIt() {
        try (var _ = Backends.use(new Opened())) {
            // What earlier tests have dropped must not go away in between.
            long cpu = Device.CPU.run(Collected::stats).active();
            Memory.resetPeak();
            long before = Memory.active();
            Array x = Ops.ones(1 << 16).add(1).eval();
            long held = Memory.active() - before;
            assertTrue(held >= 4 << 16 && held < 8 << 16, () -> held + " bytes");
            assertTrue(Memory.peak() >= before + held);
            assertEquals(cpu, Device.CPU.run(Memory::active));
            Array y = Device.CPU.run(() -> x.mul(2)).eval();
            long there = Device.CPU.run(Memory::active) - cpu;
            assertTrue(there >= 4 << 16 && there < 8 << 16, () -> there + " bytes");
            assertEquals(before + held, Memory.active(), "the copy that was read is gone");
            long limit = Memory.setCacheLimit(0);
            assertEquals(0, Memory.cached());
            Memory.setCacheLimit(limit);
            assertEquals(4, y.get(org.lazuli.Index.at(0)).item());
        }
    }
}
