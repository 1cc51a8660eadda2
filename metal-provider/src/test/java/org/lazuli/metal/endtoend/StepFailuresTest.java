package org.lazuli.metal.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Backends;
import org.lazuli.Memory;
import org.lazuli.metal.MetalCounters;
import org.lazuli.metal.MetalException;
import org.lazuli.metal.Simulator;
import org.lazuli.metal.SimulatorLog;
import org.lazuli.metal.objc.CompilationException;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.OutOfDeviceMemoryException;

/// The device fails in the middle of a training step: the evaluation says so, what it had allocated is let go, and evaluating once more goes on as
/// if nothing had been.
class StepFailuresTest {
    private static final int STEPS = 3;

    private String objects;

    @BeforeEach
    void simulated() {
        Simulator.require();
        try (Backends.Scope _ = Backends.use(new Opened())) {
            perceptron();
        }
        objects = SimulatorLog.settled("");
    }

    @AfterEach
    void noFault() {
        if (objects != null) {
            SimulatorLog.set("fault", "none");
            SimulatorLog.complaints();
        }
    }

    /// Deep enough that a step takes more than one command buffer.
    private static Perceptron perceptron() {
        return new Perceptron(4, 12, 16, 16, 16, 16, 16, 16, 5);
    }

    /// What the steps give and take when nothing fails.
    ///
    /// @param losses before each step
    /// @param parameters after the last
    /// @param step the host's work for the first step, which compiles the kernels
    /// @param all the host's work for all steps
    /// @param buffers that the device was asked for
    private record Course(float[] losses, float[] parameters, MetalCounters step, MetalCounters all, long buffers) {}

    private static Course undisturbed() {
        Opened opened = new Opened();
        try (Backends.Scope _ = Backends.use(opened)) {
            Perceptron perceptron = perceptron();
            MetalCounters before = opened.metal().counters();
            long buffersBefore = SimulatorLog.counter("buffers");
            float[] losses = new float[STEPS];
            losses[0] = perceptron.step();
            MetalCounters step = opened.metal().counters().since(before);
            for (int i = 1; i < STEPS; i++) {
                losses[i] = perceptron.step();
            }
            MetalCounters all = opened.metal().counters().since(before);
            long buffers = SimulatorLog.counter("buffers") - buffersBefore;
            return new Course(losses, perceptron.parameters(), step, all, buffers);
        }
    }

    /// Runs the steps with a fault in the middle, evaluates again what failed, and compares.
    ///
    /// @return what was thrown
    private List<RuntimeException> disturbed(String fault, Course expected) {
        List<RuntimeException> failures = new ArrayList<>();
        try (Backends.Scope _ = Backends.use(new Opened())) {
            Perceptron perceptron = perceptron();
            SimulatorLog.set("fault", fault);
            for (int i = 0; i < STEPS; i++) {
                MemoryStats before = collected(-1);
                float loss;
                try {
                    loss = perceptron.step();
                } catch (RuntimeException failure) {
                    failures.add(failure);
                    assertEquals(
                            before.buffers(),
                            collected(before.buffers()).buffers(),
                            "buffers after the failure of step " + i);
                    assertEquals(before.active(), Memory.active(), "bytes after the failure of step " + i);
                    loss = perceptron.evaluate();
                }
                assertEquals(expected.losses()[i], loss, "the loss of step " + i);
            }
            assertArrayEquals(expected.parameters(), perceptron.parameters());
        }
        SimulatorLog.set("fault", "none");
        assertEquals(objects, SimulatorLog.settled(objects), "objects that were not let go");
        return failures;
    }

    /// The figures when this many buffers are left, or after collections that change nothing any more.
    private static MemoryStats collected(long buffers) {
        MemoryStats stats = Memory.stats();
        for (int i = 0; i < 10 && stats.buffers() != buffers; i++) {
            System.gc();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return stats;
            }
            MemoryStats next = Memory.stats();
            if (buffers < 0 && i > 1 && next.buffers() == stats.buffers()) {
                return next;
            }
            stats = next;
        }
        return stats;
    }

    /// The first, the last, and some between.
    private static long[] places(long count) {
        assertTrue(count >= 3, "only " + count + " to choose from");
        return new long[] {1, count / 2, count};
    }

    @TestFactory
    Stream<DynamicTest> compilation() {
        Course expected = undisturbed();
        List<DynamicTest> tests = new ArrayList<>();
        for (String kind : new String[] {"compile", "pipeline"}) {
            for (long place : places(expected.step().compilations())) {
                tests.add(DynamicTest.dynamicTest(kind + " " + place, () -> {
                    List<RuntimeException> failures = disturbed(kind + ":" + place, expected);
                    assertEquals(1, failures.size(), failures.toString());
                    String message = failures.getFirst().getMessage();
                    assertEquals(CompilationException.class, failures.getFirst().getClass(), message);
                    assertTrue(message.matches("(?s)metal: kernel \\w+ does not compile: .+"), message);
                }));
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> execution() {
        Course expected = undisturbed();
        assertTrue(expected.step().commandBuffers() > 1, "a step should take several command buffers");
        List<DynamicTest> tests = new ArrayList<>();
        for (long place : places(expected.all().commandBuffers())) {
            tests.add(DynamicTest.dynamicTest("command buffer " + place, () -> {
                List<RuntimeException> failures = disturbed("execute:" + place, expected);
                assertEquals(1, failures.size(), failures.toString());
                String message = failures.getFirst().getMessage();
                assertEquals(MetalException.class, failures.getFirst().getClass(), message);
                assertTrue(message.startsWith("metal: work on the device failed: "), message);
            }));
        }
        return tests.stream();
    }

    /// One refusal is no failure: memory that waits for the device is let go, and the device asked again.
    @TestFactory
    Stream<DynamicTest> allocation() {
        Course expected = undisturbed();
        return LongStream.of(places(expected.buffers()))
                .mapToObj(place -> DynamicTest.dynamicTest(
                        "allocation " + place,
                        () -> assertEquals(List.of(), disturbed("allocate:" + place, expected))));
    }

    @Test
    void memoryIsExhausted() {
        Course expected = undisturbed();
        try (Backends.Scope _ = Backends.use(new Opened())) {
            Perceptron perceptron = perceptron();
            MemoryStats before = collected(-1);
            long limit = Memory.setLimit(before.active() + 256);
            OutOfDeviceMemoryException failure = assertThrows(OutOfDeviceMemoryException.class, perceptron::step);
            assertTrue(failure.getMessage().startsWith("metal: "), failure.getMessage());
            assertEquals(before.buffers(), collected(before.buffers()).buffers(), "buffers after the failure");
            Memory.setLimit(limit);
            assertEquals(expected.losses()[0], perceptron.evaluate());
            assertEquals(expected.losses()[1], perceptron.step());
        }
        assertEquals(objects, SimulatorLog.settled(objects), "objects that were not let go");
    }
}
