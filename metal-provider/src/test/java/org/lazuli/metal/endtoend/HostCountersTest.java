package org.lazuli.metal.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Backends;
import org.lazuli.metal.MetalBackend;
import org.lazuli.metal.MetalCounters;
import org.lazuli.metal.Simulator;
import org.lazuli.metal.SimulatorLog;

/// What one training step of a perceptron, 784-256-256-10 on 8 images, costs the host, and what fusion saves. These are exact figures, which need no
/// GPU; how long a step takes is another matter, and nothing is said about it.
class HostCountersTest {
    private static final int LAYERS = 3;

    /// A product for each layer on the way forward, one for each weight's gradient, and one for the gradient of each layer's input but the first's.
    private static final int PRODUCTS = LAYERS + LAYERS + LAYERS - 1;

    /// The products that wait for one another: forward, back through the layers, and the first weight's gradient.
    private static final int CHAIN = LAYERS + LAYERS - 1 + 1;

    /// Batches are committed when they have this many dispatches, on the smallest devices.
    private static final int BATCH = 20;

    /// A step's figures.
    ///
    /// @param loss before the step
    /// @param device what the device itself has counted: command buffers, encoders, dispatches, barriers
    private record Step(MetalCounters host, long[] device, float loss) {}

    @BeforeEach
    void simulated() {
        Simulator.require();
    }

    private static long[] device() {
        return new long[] {
            SimulatorLog.counter("commandBuffers"),
            SimulatorLog.counter("encoders"),
            SimulatorLog.counter("dispatches"),
            SimulatorLog.counter("barriers")
        };
    }

    private static Perceptron perceptron() {
        return new Perceptron(8, 784, 256, 256, 10);
    }

    /// The figures of one more step.
    private static Step measured(Perceptron perceptron, MetalBackend metal) {
        MetalCounters before = metal.counters();
        long[] deviceBefore = device();
        float loss = perceptron.step();
        long[] device = device();
        for (int i = 0; i < device.length; i++) {
            device[i] -= deviceBefore[i];
        }
        return new Step(metal.counters().since(before), device, loss);
    }

    /// The third step: by then every kernel is compiled and the plan is known.
    private static Step third(Perceptron perceptron, MetalBackend metal) {
        perceptron.step();
        perceptron.step();
        return measured(perceptron, metal);
    }

    private static void assertBounded(Step step) {
        MetalCounters host = step.host();
        assertEquals(0, Backends.current().fallbacks(), "a step runs on the device altogether");
        assertEquals(0, host.compilations(), "a step like those before compiles nothing");
        assertTrue(host.dispatches() >= PRODUCTS, host.toString());
        assertTrue(host.barriers() >= CHAIN - 1, host.toString());
        assertTrue(host.barriers() <= host.dispatches() - host.encoders(), "nothing to wait for at first: " + host);
        assertEquals(host.commandBuffers(), host.encoders(), host.toString());
        assertTrue(host.commandBuffers() <= Math.ceilDiv(host.dispatches(), BATCH), host.toString());
        assertArrayEquals(
                new long[] {host.commandBuffers(), host.encoders(), host.dispatches(), host.barriers()},
                step.device(),
                "what the backend says and what the device has seen");
    }

    @Test
    void aStepOfAPerceptron() {
        Opened opened = new Opened();
        Step fused;
        try (Backends.Scope _ = Backends.use(opened)) {
            fused = third(perceptron(), opened.metal());
            assertBounded(fused);
            assertEquals(1, fused.host().commandBuffers(), "a small step is sent off at once");
        }
        Unfused[] apart = new Unfused[1];
        Opened openedApart = new Opened(metal -> apart[0] = new Unfused(metal));
        try (Backends.Scope _ = Backends.use(openedApart)) {
            Perceptron perceptron = perceptron();
            perceptron.step();
            perceptron.step();
            Unfused.Tally before = apart[0].tally();
            Step single = measured(perceptron, openedApart.metal());
            Unfused.Tally tally = apart[0].tally().since(before);
            assertBounded(single);
            System.out.println("One step of a perceptron 784-256-256-10, 8 images, on "
                    + Backends.current().device() + ":");
            print("fused", fused.host());
            print("one by one", single.host());
            System.out.println("  " + tally);

            assertTrue(tally.kernels() > 0);
            assertEquals(
                    fused.host().dispatches() + tally.instructions() + tally.copies() - tally.kernels(),
                    single.host().dispatches(),
                    "a fused kernel is one dispatch, and each instruction is one without fusion");
            assertTrue(fused.host().dispatches() < single.host().dispatches() - tally.constants() - tally.copies());
            assertTrue(fused.host().barriers() < single.host().barriers());
            assertEquals(fused.loss(), single.loss(), "fusion does not change a bit");
        }
    }

    private static void print(String what, MetalCounters host) {
        System.out.printf(
                "  %-10s  %d command buffers, %d encoders, %d dispatches, %d barriers%n",
                what, host.commandBuffers(), host.encoders(), host.dispatches(), host.barriers());
    }
}
