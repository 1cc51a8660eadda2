package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.metal.ffi.ObjC;

/// What the device can be told to do: fail, run in another order, hand out poisoned memory, count.
class FaultsTest implements OnSimulator {
    private static final String FILL = """
            kernel void k(device int* a [[buffer(0)]], uint i [[thread_position_in_grid]]) { a[i] = int(i); }
            """;

    private SimulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @Test
    void optionsAreChecked() {
        assertFalse(SimulatedGpu.set("order", "sideways"));
        assertFalse(SimulatedGpu.set("fault", "allocate:0"));
        assertFalse(SimulatedGpu.set("fault", "sneeze:1"));
        assertFalse(SimulatedGpu.set("maxThreads", "many"));
        assertFalse(SimulatedGpu.set("unheardOf", "1"));
        assertFalse(
                SimulatedGpu.set("check", System.getenv("METALSIM_CHECK") == null ? "on" : "off"),
                "after the device was made");
        assertEquals(-1, SimulatedGpu.counter("unheardOf"));
    }

    @Test
    void theNthAllocationIsNil() {
        assertTrue(SimulatedGpu.set("fault", "allocate:2"));
        var first = gpu.buffer(16);
        assertFalse(SimulatedGpu.isNil(first));
        assertTrue(SimulatedGpu.isNil(gpu.buffer(16)));
        var third = gpu.buffer(16);
        assertFalse(SimulatedGpu.isNil(third));
        SimulatedGpu.release(first, third);
    }

    @Test
    void aCompileFailsOnce() {
        assertTrue(SimulatedGpu.set("fault", "compile:1"));
        var error = assertThrows(SimulatedGpu.CompileError.class, () -> gpu.library(FILL));
        assertEquals("MTLLibraryErrorDomain", error.domain());
        assertEquals(3, error.code());
        SimulatedGpu.release(gpu.library(FILL));
    }

    @Test
    void aPipelineFailsOnce() {
        assertTrue(SimulatedGpu.set("fault", "pipeline:1"));
        assertThrows(SimulatedGpu.CompileError.class, () -> gpu.pipeline(FILL));
        SimulatedGpu.release(gpu.pipeline(FILL));
    }

    @Test
    void aCommandBufferFailsWithTheCodeThatIsAskedFor() {
        var pipeline = gpu.pipeline(FILL);
        var a = gpu.ints(-1, -1);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        assertTrue(SimulatedGpu.set("fault", "execute:2:8"));
        gpu.commands().serial().run();
        var c = gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .threads(2, 2)
                .end()
                .signal(event, 1);
        var error = assertThrows(SimulatedGpu.ExecutionError.class, c::run);
        assertEquals(SimulatedGpu.ERROR, c.status());
        assertEquals("MTLCommandBufferErrorDomain", error.domain());
        assertEquals(8, error.code());
        assertEquals(
                0, ObjC.send_u(event, SimulatedGpu.sel("signaledValue")), "a failed command buffer signals nothing");
        assertArrayEquals(new int[] {-1, -1}, SimulatedGpu.toInts(a));
        gpu.commands().serial().pipeline(pipeline).buffer(0, a).threads(2, 2).run();
        assertArrayEquals(new int[] {0, 1}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(pipeline, a, event);
    }

    @Test
    void threadgroupsRunInTheOrderThatIsAskedFor() {
        var pipeline = gpu.pipeline("""
                kernel void k(device atomic_int* next [[buffer(0)]], device int* place [[buffer(1)]], uint g [[threadgroup_position_in_grid]]) {
                  place[g] = atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
                }
                """);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, places(pipeline, "forward"));
        assertArrayEquals(new int[] {7, 6, 5, 4, 3, 2, 1, 0}, places(pipeline, "reversed"));
        int[] shuffled = places(pipeline, "shuffled:3");
        assertEquals("01234567", sorted(shuffled));
        assertTrue(
                java.util.stream.IntStream.rangeClosed(1, 5)
                                .mapToObj(seed -> java.util.Arrays.toString(places(pipeline, "shuffled:" + seed)))
                                .distinct()
                                .count()
                        > 2,
                "seeds matter");
        SimulatedGpu.release(pipeline);
    }

    private static String sorted(int[] places) {
        return java.util.Arrays.stream(places)
                .sorted()
                .mapToObj(String::valueOf)
                .reduce("", String::concat);
    }

    private int[] places(java.lang.foreign.MemorySegment pipeline, String order) {
        assertTrue(SimulatedGpu.set("order", order));
        var next = gpu.ints(0);
        var place = gpu.ints(new int[8]);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffers(next, place)
                .groups(8, 1)
                .run();
        int[] result = SimulatedGpu.toInts(place);
        SimulatedGpu.release(next, place);
        return result;
    }

    @Test
    void dispatchesWithoutABarrierBetweenRunInAnyOrder() {
        var pipeline = gpu.pipeline("""
                kernel void k(device atomic_int* last [[buffer(0)]], constant int& value [[buffer(1)]]) {
                  atomic_store_explicit(last, value, memory_order_relaxed);
                }
                """);
        var last = gpu.ints(0);
        assertTrue(SimulatedGpu.set("order", "reversed"));
        gpu.commands()
                .concurrent()
                .pipeline(pipeline)
                .buffer(0, last)
                .bytes(1, 1)
                .threads(1, 1)
                .bytes(1, 2)
                .threads(1, 1)
                .run();
        assertArrayEquals(new int[] {1}, SimulatedGpu.toInts(last));
        gpu.commands()
                .concurrent()
                .pipeline(pipeline)
                .buffer(0, last)
                .bytes(1, 1)
                .threads(1, 1)
                .barrier()
                .bytes(1, 2)
                .threads(1, 1)
                .run();
        assertArrayEquals(new int[] {2}, SimulatedGpu.toInts(last));
        SimulatedGpu.release(pipeline, last);
    }

    @Test
    void newBuffersArePoisonedOnDemand() {
        assertTrue(SimulatedGpu.set("poison", "on"));
        var poisoned = gpu.buffer(8);
        assertArrayEquals(new float[] {Float.NaN, Float.NaN}, SimulatedGpu.toFloats(poisoned));
        assertTrue(SimulatedGpu.set("poison", System.getenv("METALSIM_CHECK") == null ? "off" : "on"));
        SimulatedGpu.release(poisoned);
    }

    @Test
    void whatTheHostAsksForIsCounted() {
        var pipeline = gpu.pipeline(FILL);
        var a = gpu.buffer(400);
        long messages = SimulatedGpu.counter("messages");
        gpu.commands()
                .concurrent()
                .pipeline(pipeline)
                .buffer(0, a)
                .threads(100, 10)
                .barrier()
                .threads(100, 50)
                .run();
        // commandBuffer, encoder, pipeline, buffer, two dispatches, barrier, endEncoding, commit, wait, status
        assertEquals(11, SimulatedGpu.counter("messages") - messages);
        assertEquals(1, SimulatedGpu.counter("commandBuffers"));
        assertEquals(1, SimulatedGpu.counter("encoders"));
        assertEquals(2, SimulatedGpu.counter("dispatches"));
        assertEquals(1, SimulatedGpu.counter("barriers"));
        assertEquals(12, SimulatedGpu.counter("threadgroups"));
        assertEquals(200, SimulatedGpu.counter("threads"));
        assertEquals(1, SimulatedGpu.counter("buffers"));
        assertEquals(400, SimulatedGpu.counter("bytes"));
        assertEquals(1, SimulatedGpu.counter("pipelines"));
        SimulatedGpu.release(pipeline, a);
    }

    @Test
    void limitsAreThoseOfTheProfile() {
        assertTrue(SimulatedGpu.set("maxThreads", "640"));
        var pipeline = gpu.pipeline(FILL);
        assertEquals(640, ObjC.send_u(pipeline, SimulatedGpu.sel("maxTotalThreadsPerThreadgroup")));
        assertTrue(SimulatedGpu.set("maxThreads", "1024"));
        assertTrue(SimulatedGpu.set("maxBufferLength", "4096"));
        assertTrue(SimulatedGpu.isNil(gpu.buffer(4100)));
        assertTrue(SimulatedGpu.set("maxBufferLength", "0x200000000"));
        SimulatedGpu.log();
        SimulatedGpu.release(pipeline);
    }
}
