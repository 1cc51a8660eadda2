package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.objc.CompilationException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;

/// The device refuses or fails, on request: a clear exception, nothing leaked, and the next evaluation is right.
class FailuresTest {
    private static final Primitive.Unary EXP = new Primitive.Unary(UnaryOp.EXP);

    private final Placed x = Placed.random(DType.FLOAT32, Shape.of(100), 1);
    private MetalBench bench;
    private String before;

    @BeforeEach
    void open() {
        Simulator.require();
        MetalBench.open().close();
        before = SimulatorLog.liveObjects();
        bench = MetalBench.open();
    }

    @AfterEach
    void close() {
        if (bench != null) {
            SimulatorLog.set("fault", "none");
            bench.assertNoLeaks();
            bench.close();
            assertEquals(before, SimulatorLog.settled(before), "objects that were not let go");
            SimulatorLog.complaints();
        }
    }

    private byte[] run() {
        return bench.onMetal(EXP, x.spec(), x);
    }

    private void assertRunsAsEver() {
        bench.assertClose(EXP, x.spec(), 4, x);
    }

    @Test
    void allocatesAgainAfterWaiting() {
        SimulatorLog.set("fault", "allocate:1");
        assertRunsAsEver();
        SimulatorLog.set("fault", "allocate:2");
        assertRunsAsEver();
    }

    @Test
    void aKernelIsNotCompiled() {
        SimulatorLog.set("fault", "compile:1");
        CompilationException failure = assertThrows(CompilationException.class, this::run);
        assertTrue(
                failure.getMessage().startsWith("metal: kernel exp_float32_contiguous does not compile: "),
                failure.getMessage());
        assertRunsAsEver();
    }

    @Test
    void aPipelineIsNotMade() {
        SimulatorLog.set("fault", "pipeline:1");
        CompilationException failure = assertThrows(CompilationException.class, this::run);
        assertTrue(failure.getMessage().contains("exp_float32_contiguous"), failure.getMessage());
        assertRunsAsEver();
    }

    @Test
    void aCommandBufferFails() {
        for (int round = 0; round < 3; round++) {
            SimulatorLog.set("fault", "execute:1");
            MetalException failure = assertThrows(MetalException.class, this::run);
            assertTrue(failure.getMessage().startsWith("metal: work on the device failed: "), failure.getMessage());
            assertRunsAsEver();
        }
    }

    /// The second of several batches in flight fails, on one stream while another waits for it.
    @Test
    void aBatchAmongOthersFails() {
        byte[] expected = run();
        SimulatorLog.set("fault", "execute:2");
        List<Tensor> all = new ArrayList<>();
        Tensor input = MetalBench.place(bench.metal, x);
        all.add(input);
        for (int i = 0; i < 6 * bench.metal.batchSize().dispatches(); i++) {
            Tensor output = MetalBench.output(bench.metal, x.spec());
            bench.metal.run(EXP, List.of(input), List.of(output), new Stream(i % 7 == 0 ? 1 : 0));
            all.add(output);
        }
        assertThrows(MetalException.class, bench.metal::synchronize);
        bench.metal.synchronize();
        Tensor output = all.getLast();
        bench.metal.run(EXP, List.of(input), List.of(output), Stream.DEFAULT);
        assertArrayEquals(expected, MetalBench.read(bench.metal, output));
        all.forEach(tensor -> bench.metal.release(tensor.buffer()));
    }

    /// Who reads a tensor without synchronizing first learns of it as well.
    @Test
    void aDownloadThrowsWhatFailed() {
        Tensor input = MetalBench.place(bench.metal, x);
        Tensor output = MetalBench.output(bench.metal, x.spec());
        SimulatorLog.set("fault", "execute:1");
        bench.metal.run(EXP, List.of(input), List.of(output), Stream.DEFAULT);
        assertThrows(MetalException.class, () -> MetalBench.read(bench.metal, output));
        bench.metal.run(EXP, List.of(input), List.of(output), Stream.DEFAULT);
        assertArrayEquals(run(), MetalBench.read(bench.metal, output));
        bench.metal.release(input.buffer());
        bench.metal.release(output.buffer());
    }
}
