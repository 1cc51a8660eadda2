package org.lazuli.metal;

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
import org.lazuli.metal.kernels.Msl;
import org.lazuli.metal.objc.CompilationException;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Batches, barriers, streams, memory and what goes wrong on the device.
class StreamsTest {
    private static final Shape SHAPE = Shape.of(1000);
    private static final TensorSpec SPEC = new TensorSpec(DType.FLOAT32, SHAPE);
    private static final Stream OTHER = new Stream(1);

    private MetalBench bench;
    private MetalBackend metal;
    private String before;

    @BeforeEach
    void open() {
        Simulator.require();
        MetalBench.open().close();
        before = SimulatorLog.liveObjects();
        SimulatorLog.complaints();
        bench = MetalBench.open();
        metal = bench.metal;
    }

    @AfterEach
    void close() {
        if (bench != null) {
            bench.assertNoLeaks();
            bench.close();
            assertEquals("", SimulatorLog.complaints(), "what the device complains of");
            assertEquals(before, SimulatorLog.settled(before), "objects that were not let go");
        }
    }

    private Tensor ones() {
        double[] values = new double[SHAPE.size()];
        java.util.Arrays.fill(values, 1);
        return MetalBench.place(metal, Placed.of(DType.FLOAT32, SHAPE, values));
    }

    private Tensor add(Tensor a, Tensor b, Stream stream) {
        Tensor out = MetalBench.output(metal, SPEC);
        metal.run(new Primitive.Binary(BinaryOp.ADD), List.of(a, b), List.of(out), stream);
        return out;
    }

    private double first(Tensor tensor) {
        double[] values = Placed.decode(DType.FLOAT32, MetalBench.read(metal, tensor));
        for (double value : values) {
            assertEquals(values[0], value);
        }
        return values[0];
    }

    private void release(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            metal.release(tensor.buffer());
        }
    }

    @Test
    void commitsWhenABatchIsFull() {
        Tensor one = ones();
        Tensor sum = ones();
        MetalCounters start = metal.counters();
        for (int i = 0; i < 400; i++) {
            Tensor next = add(sum, one, Stream.DEFAULT);
            release(sum);
            sum = next;
        }
        assertEquals(401, first(sum));
        MetalCounters done = metal.counters().since(start);
        assertEquals(400, done.dispatches());
        int batches =
                (400 + metal.batchSize().dispatches() - 1) / metal.batchSize().dispatches();
        assertEquals(batches, done.commandBuffers());
        assertEquals(batches, done.encoders());
        release(one, sum);
        assertTrue(metal.memory().cached() < 10 * 4096, "memory is used again while the device works");
    }

    @Test
    void putsBarriersOnlyWhereTheyAreNeeded() {
        Tensor one = ones();
        MetalCounters start = metal.counters();
        Tensor two = add(one, one, Stream.DEFAULT);
        Tensor alsoTwo = add(one, one, Stream.DEFAULT);
        assertEquals(0, metal.counters().since(start).barriers());
        Tensor four = add(two, alsoTwo, Stream.DEFAULT);
        assertEquals(1, metal.counters().since(start).barriers());
        Tensor three = add(one, two, Stream.DEFAULT);
        assertEquals(1, metal.counters().since(start).barriers());
        // Overwrites what was read since.
        metal.run(new Primitive.Unary(UnaryOp.NEGATIVE), List.of(one), List.of(two), Stream.DEFAULT);
        assertEquals(2, metal.counters().since(start).barriers());
        assertEquals(4, first(four));
        assertEquals(3, first(three));
        assertEquals(-1, first(two));
        assertEquals(1, metal.counters().since(start).commandBuffers());
        release(one, two, alsoTwo, three, four);
    }

    @Test
    void streamsWaitForEachOther() {
        Tensor one = ones();
        Tensor sum = ones();
        for (int i = 0; i < 100; i++) {
            Tensor next = add(sum, one, new Stream(i % 3));
            release(sum);
            sum = next;
        }
        assertEquals(101, first(sum));
        release(one, sum);
    }

    @Test
    void aStreamDoesNotOverwriteWhatAnotherReads() {
        Tensor one = ones();
        Tensor x = ones();
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sums.add(add(x, one, OTHER));
            metal.run(new Primitive.Binary(BinaryOp.ADD), List.of(x, one), List.of(x), Stream.DEFAULT);
        }
        for (int i = 0; i < sums.size(); i++) {
            assertEquals(i + 2, first(sums.get(i)));
        }
        release(sums.toArray(new Tensor[0]));
        release(one, x);
    }

    @Test
    void aStreamWaitsOnceForWhatItReadsOften() {
        Tensor one = ones();
        Tensor two = add(one, one, Stream.DEFAULT);
        MetalCounters start = metal.counters();
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sums.add(add(two, two, OTHER));
        }
        for (Tensor sum : sums) {
            assertEquals(4, first(sum));
        }
        assertEquals(2, metal.counters().since(start).commandBuffers());
        release(sums.toArray(new Tensor[0]));
        release(one, two);
    }

    @Test
    void uploadWaitsForItsReaders() {
        Tensor one = ones();
        Tensor two = add(one, one, Stream.DEFAULT);
        metal.upload(
                java.lang.foreign.MemorySegment.ofArray(new byte[4 * SHAPE.size()]),
                DType.FLOAT32,
                SHAPE.size(),
                one.buffer());
        assertEquals(2, first(two));
        assertEquals(0, first(one));
        release(one, two);
    }

    @Test
    void anIndexOutOfBoundsIsReportedAsOnTheCpu() {
        Shape shape = Shape.of(70000);
        for (DType dtype : new DType[] {DType.INT32, DType.INT64, DType.UINT32, DType.UINT8, DType.INT8}) {
            byte[] zeros = new byte[shape.size() * dtype.bytes()];
            byte[] bad = zeros.clone();
            // The last stretch, and the first bad one of two.
            bad[69000 * dtype.bytes()] = (byte) 0x85;
            bad[69500 * dtype.bytes()] = (byte) 0x86;
            Placed x = Placed.random(DType.FLOAT32, Shape.of(5), 1);
            Placed indices = Placed.contiguous(new TensorSpec(dtype, shape), bad);
            String expected = assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> bench.onCpu(
                                    new Primitive.Gather(org.lazuli.spi.Ints.of(0)),
                                    new TensorSpec(DType.FLOAT32, shape),
                                    x,
                                    indices))
                    .getMessage();
            Tensor good = MetalBench.place(metal, Placed.contiguous(indices.spec(), zeros));
            for (Placed layout : List.of(indices, indices.reversed(), indices.spread())) {
                Tensor tensor = MetalBench.place(metal, layout);
                metal.encode(Stream.DEFAULT, commands -> {
                    commands.checkIndices("take", good, 0, 5);
                    commands.checkIndices("take", tensor, 0, 5);
                    commands.checkIndices("other", tensor, 1, 4);
                });
                assertEquals(
                        expected,
                        assertThrows(IndexOutOfBoundsException.class, metal::synchronize)
                                .getMessage());
                metal.synchronize();
                release(tensor);
            }
            release(good);
        }
    }

    @Test
    void aFailureOnTheDeviceIsThrownOnceAndForgotten() {
        Tensor one = ones();
        Tensor out = MetalBench.output(metal, SPEC);
        for (int round = 0; round < 2; round++) {
            metal.encode(
                    Stream.DEFAULT,
                    commands -> commands.kernel("fails", () -> Msl.PRELUDE + """

                            kernel void fails(
                                    device const float* in [[buffer(0)]],
                                    device float* out [[buffer(1)]],
                                    uint i [[thread_position_in_grid]]) {
                                if (i == 0) {
                                    threadgroup_barrier(mem_flags::mem_threadgroup);
                                } else {
                                    out[i] = simd_sum(in[i]);
                                }
                            }
                            """)
                            .read(one)
                            .write(out)
                            .threads(64));
            Tensor two = add(out, one, Stream.DEFAULT);
            Tensor elsewhere = add(two, one, OTHER);
            MetalException failure = assertThrows(MetalException.class, metal::synchronize);
            assertTrue(failure.getMessage().startsWith("metal: work on the device failed: "), failure.getMessage());
            metal.synchronize();
            Tensor sum = add(one, one, Stream.DEFAULT);
            assertEquals(2, first(sum));
            Tensor third = add(sum, one, OTHER);
            assertEquals(3, first(third));
            release(two, elsewhere, sum, third);
        }
        assertTrue(SimulatorLog.complaints().contains("fails"));
        release(one, out);
    }

    @Test
    void aKernelThatDoesNotCompileIsNamed() {
        CompilationException failure = assertThrows(
                CompilationException.class,
                () -> metal.encode(
                        Stream.DEFAULT,
                        commands -> commands.kernel("broken", () -> Msl.PRELUDE + "kernel void broken( {}")));
        assertTrue(failure.getMessage().startsWith("metal: kernel broken does not compile: "), failure.getMessage());
        CompilationException missing = assertThrows(
                CompilationException.class,
                () -> metal.encode(
                        Stream.DEFAULT,
                        commands -> commands.kernel("missing", () -> Msl.PRELUDE + "kernel void k() {}")));
        assertTrue(missing.getMessage().contains("kernel missing"), missing.getMessage());
        Tensor one = ones();
        Tensor two = add(one, one, Stream.DEFAULT);
        assertEquals(2, first(two));
        release(one, two);
    }

    @Test
    void scratchMemoryIsUsedAgain() {
        Tensor one = ones();
        Tensor out = MetalBench.output(metal, SPEC);
        for (int i = 0; i < 100; i++) {
            metal.encode(Stream.DEFAULT, commands -> {
                Tensor scratch = commands.temporary(DType.FLOAT32, 1 << 16);
                assertEquals(1 << 16, scratch.shape().size());
            });
        }
        assertEquals(2, metal.memory().buffers());
        assertTrue(metal.memory().cached() <= 1 << 18, metal.memory().toString());
        release(one, out);
    }

    @Test
    void memoryIsLimited() {
        long limit = 1 << 20;
        metal.limits(limit, limit / 2);
        List<Tensor> held = new ArrayList<>();
        OutOfDeviceMemoryException full = assertThrows(OutOfDeviceMemoryException.class, () -> {
            while (true) {
                held.add(MetalBench.output(metal, SPEC));
            }
        });
        assertTrue(full.getMessage().contains("memory limit of 1.0 MiB"), full.getMessage());
        assertTrue(metal.memory().active() <= limit);
        release(held.toArray(new Tensor[0]));
        assertEquals(0, metal.memory().active());
        assertTrue(metal.memory().cached() <= limit / 2);
        metal.clearCache();
        assertEquals(0, metal.memory().cached());
    }

    @Test
    void oneBufferHasALimitToo() {
        OutOfDeviceMemoryException large =
                assertThrows(OutOfDeviceMemoryException.class, () -> metal.allocate(DType.INT64, Integer.MAX_VALUE));
        assertTrue(large.getMessage().contains("larger than the device allows"), large.getMessage());
    }

    @Test
    void memoryThatIsLetGoOutlivesItsBatch() {
        metal.limits(1L << 30, 0);
        Tensor one = ones();
        Tensor two = add(one, one, Stream.DEFAULT);
        Tensor four = add(two, two, Stream.DEFAULT);
        release(two, one);
        assertEquals(0, metal.memory().cached());
        assertEquals(4, first(four));
        release(four);
    }

    @Test
    void nothingRunsAfterClose() {
        MetalBackend closed = new MetalBackendProvider().open();
        closed.allocate(DType.FLOAT32, 10);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.allocate(DType.FLOAT32, 1));
        assertThrows(IllegalStateException.class, closed::synchronize);
    }
}
