package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lazuli.metal.ffi.ObjC;

/// What check mode finds in the memory accesses of kernels: each finding once, and next to it the correct program that has none.
@EnabledIfEnvironmentVariable(named = "METALSIM_CHECK", matches = "1")
class MemoryCheckModeTest implements OnSimulator {
    private SimulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
    }

    @AfterEach
    void close() {
        assertEquals(List.of(), SimulatedGpu.log());
        gpu.close();
    }

    /// Runs kernel `k`, with `a` of 8 ints at buffer(0), and returns what is found, "" for nothing.
    private String finding(String body, long threads, long perGroup) {
        var a = gpu.ints(new int[8]);
        var pipeline = gpu.pipeline("""
                kernel void k(device int* a [[buffer(0)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]],
                              uint g [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
                """ + body + "}");
        try {
            return finding(
                    gpu.commands().serial().pipeline(pipeline).buffer(0, a).threads(threads, perGroup));
        } finally {
            SimulatedGpu.release(a, pipeline);
        }
    }

    private static String finding(SimulatedGpu.Commands commands) {
        try {
            commands.run();
            return "";
        } catch (SimulatedGpu.ExecutionError e) {
            assertEquals(List.of("command buffer failed: " + e.getMessage()), SimulatedGpu.log());
            return e.getMessage();
        }
    }

    private static void assertFound(String expected, String finding) {
        assertTrue(finding.contains(expected), () -> "expected: " + expected + "\n but got: " + finding);
    }

    private static void assertClean(String finding) {
        assertEquals("", finding);
    }

    @Test
    void accessesOutOfBounds() {
        assertFound(
                "out of bounds: write of 4 bytes at offset 32 of buffer(0), 32 bytes long [kernel k, threadgroup (2,0,0), thread (0,0,0)]",
                finding("a[i] = 1;", 12, 4));
        assertFound("out of bounds: read of 4 bytes at offset -4", finding("a[i] = a[int(i) - 1];", 8, 8));
        assertFound("out of bounds: write of 1 bytes at offset 32", finding("((device char*)a)[i] = 1;", 33, 33));
        assertFound("out of bounds: write of 16 bytes at offset 32", finding("((device int4*)a)[i] = int4(1);", 3, 3));
        assertFound(
                "out of bounds", finding("struct S { int x[3]; }; device S* s = (device S*)a; s[i + 2] = s[i];", 1, 1));
        assertFound("near no bound buffer", finding("*(device int*)(ulong(a) + (1ul << 44)) = 1;", 1, 1));
        assertClean(finding("a[i] = 1;", 8, 4));
    }

    @Test
    void accessesBeyondTheBindingsEnd() {
        var a = gpu.ints(new int[8]);
        var pipeline = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], constant int2& n [[buffer(1)]]) { a[6] = n.x; a[7] = n.y; }");
        assertFound(
                "write of 4 bytes at offset 24 of buffer(0), 24 bytes long",
                finding(gpu.commands()
                        .serial()
                        .pipeline(pipeline)
                        .buffer(0, a, 8)
                        .bytes(1, 1, 2)
                        .threads(1, 1)));
        assertFound(
                "of buffer(1), 4 bytes long",
                finding(gpu.commands()
                        .serial()
                        .pipeline(pipeline)
                        .buffer(0, a)
                        .bytes(1, 1)
                        .threads(1, 1)));
        assertClean(finding(gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .bytes(1, 1, 2)
                .threads(1, 1)));
        SimulatedGpu.release(a, pipeline);
    }

    @Test
    void aPointerMayGoBackBeforeItsOffset() {
        var a = gpu.ints(new int[8]);
        var pipeline = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], uint i [[thread_position_in_grid]]) { a[-int(i)] = 1; }");
        assertClean(finding(
                gpu.commands().serial().pipeline(pipeline).buffer(0, a, 28).threads(8, 8)));
        assertFound(
                "out of bounds: write of 4 bytes at offset -32 of buffer(0)",
                finding(gpu.commands()
                        .serial()
                        .pipeline(pipeline)
                        .buffer(0, a, 28)
                        .threads(9, 9)));
        SimulatedGpu.release(a, pipeline);
    }

    @Test
    void writesThroughAConstant() {
        var a = gpu.ints(new int[8]);
        var pipeline = gpu.pipeline("kernel void k(device const int* a [[buffer(0)]]) { *(device int*)a = 1; }");
        assertFound(
                "write through buffer(0), which the kernel declares read-only",
                finding(gpu.commands().serial().pipeline(pipeline).buffer(0, a).threads(1, 1)));
        SimulatedGpu.release(a, pipeline);
    }

    @Test
    void misalignedAccesses() {
        assertFound("misaligned write of 16 bytes", finding("*(device int4*)(a + 1) = int4(2);", 1, 1));
        assertClean(finding("*(device packed_int4*)(a + 1) = packed_int4(int4(2));", 1, 1));
    }

    @Test
    void racesInThreadgroupMemory() {
        assertFound(
                "threadgroup memory race: read of what thread 0 of the same threadgroup touched",
                finding("threadgroup int x[8]; x[t] = 1; a[t] = t == 0 ? 0 : x[t - 1];", 8, 8));
        assertFound(
                "threadgroup memory race: write of what thread",
                finding("threadgroup int x[9]; int s = x[t + 1]; x[t] = 1; a[t] = s;", 8, 8));
        assertFound("threadgroup memory race", finding("threadgroup char x[8]; x[t / 2] = 1; a[t] = t;", 8, 8));
        assertClean(finding(
                "threadgroup int x[8]; x[t] = 1; threadgroup_barrier(mem_flags::mem_threadgroup); a[t] = x[7 - t];",
                8,
                8));
        assertClean(finding("threadgroup char x[8]; x[t] = 1; a[t] = x[t];", 8, 8));
    }

    @Test
    void aBarrierOrdersOnlyTheMemoryThatItNames() {
        assertFound(
                "threadgroup memory race",
                finding(
                        "threadgroup int x[8]; x[t] = 1; threadgroup_barrier(mem_flags::mem_device); a[t] = x[7 - t];",
                        8,
                        8));
        assertFound(
                "device memory, buffer(0) at offset 28: race",
                finding(
                        "a[t] = 1; threadgroup_barrier(mem_flags::mem_threadgroup); int s = a[7 - t]; (void)s; a[t] = s;",
                        8,
                        8));
        assertClean(finding(
                "a[t] = 1; threadgroup_barrier(mem_flags::mem_device); int s = a[7 - t]; threadgroup_barrier(mem_flags::mem_device); a[t] = s;",
                8,
                8));
    }

    @Test
    void simdFunctionsOrderNoMemory() {
        assertFound(
                "threadgroup memory race", finding("threadgroup int x[8]; x[t] = simd_sum(1); a[t] = x[t ^ 1];", 8, 8));
        assertClean(finding(
                "threadgroup int x[8]; x[t] = simd_sum(1); simdgroup_barrier(mem_flags::mem_threadgroup); a[t] = x[t ^ 1];",
                8,
                8));
    }

    @Test
    void readsBeforeASimdgroupBarrierAreOrderedBeforeWritesAfterIt() {
        String exchange =
                "threadgroup int x[1]; if (t == 0) x[0] = 1; BARRIER int s = x[0]; BARRIER if (t == 5) x[0] = 2; a[t % 8] = s;";
        String one = "simdgroup_barrier(mem_flags::mem_threadgroup);";
        assertClean(finding(exchange.replace("BARRIER", one), 8, 8));
        assertFound(
                "threadgroup memory race",
                finding(exchange.replaceFirst("BARRIER", one).replace("BARRIER", ""), 8, 8));
        String all = "threadgroup_barrier(mem_flags::mem_threadgroup);";
        assertFound(
                "threadgroup memory race",
                finding(
                        exchange.replaceFirst("BARRIER", all)
                                .replace("BARRIER", one)
                                .replace("a[t % 8]", "if (t < 8) a[t % 8]"),
                        64,
                        64));
    }

    @Test
    void aSimdgroupBarrierDoesNotOrderOtherSimdgroups() {
        assertFound(
                "threadgroup memory race",
                finding(
                        "threadgroup int x[64]; x[t] = 1; simdgroup_barrier(mem_flags::mem_threadgroup); if (t < 8) a[t] = x[t + 40];",
                        64,
                        64));
    }

    @Test
    void racesBetweenThreadgroups() {
        assertFound("race: write of what a thread of threadgroup 0 touched", finding("a[0] = int(g);", 4, 1));
        assertFound("race: read of what a thread of threadgroup", finding("a[i] = a[7 - i];", 8, 1));
        assertClean(finding("a[i] = int(g);", 8, 2));
    }

    @Test
    void atomicsAreNoRaceAmongThemselves() {
        assertClean(finding("atomic_fetch_add_explicit((device atomic_int*)a, 1, memory_order_relaxed);", 64, 8));
        assertFound(
                "race",
                finding(
                        "if (i == 3) a[0] = 1; else atomic_fetch_add_explicit((device atomic_int*)a, 1, memory_order_relaxed);",
                        8,
                        2));
    }

    @Test
    void divergentBarriers() {
        assertFound(
                "threadgroup_barrier reached by 32 of 64 threads",
                finding("if (t < 32) threadgroup_barrier(mem_flags::mem_none); if (i < 8) a[i] = 1;", 64, 64));
        assertFound(
                "wait at different threadgroup_barriers",
                finding(
                        "if (t < 1) { threadgroup_barrier(mem_flags::mem_none); a[0] = 2; } else { threadgroup_barrier(mem_flags::mem_device); }",
                        33,
                        33));
        assertFound(
                "simdgroup_matrix function is not reached by all 32 lanes",
                finding(
                        "if (t < 8) { simdgroup_float8x8 m = simdgroup_float8x8(1.0f); simdgroup_store(m, (device float*)a); }",
                        32,
                        32));
    }

    private static final String COPY = """
            kernel void k(device const int* from [[buffer(0)]], device int* to [[buffer(1)]], uint i [[thread_position_in_grid]]) { to[i] = from[i] + 1; }
            """;

    @Test
    void aConcurrentEncoderNeedsBarriersWhereBytesOverlap() {
        var copy = gpu.pipeline(COPY);
        var a = gpu.ints(1, 2, 3, 4);
        var b = gpu.ints(0, 0, 0, 0);
        assertFound(
                "missing memoryBarrier: read of what an earlier dispatch",
                finding(gpu.commands()
                        .concurrent()
                        .pipeline(copy)
                        .buffers(a, b)
                        .threads(4, 4)
                        .buffers(b, a)
                        .threads(4, 4)));
        assertFound(
                "missing memoryBarrier: write of what an earlier dispatch",
                finding(gpu.commands()
                        .concurrent()
                        .pipeline(copy)
                        .buffers(a, b)
                        .threads(4, 4)
                        .threads(4, 4)));
        assertClean(finding(gpu.commands()
                .concurrent()
                .pipeline(copy)
                .buffers(a, b)
                .threads(4, 4)
                .barrier()
                .buffers(b, a)
                .threads(4, 4)));
        assertClean(finding(gpu.commands()
                .serial()
                .pipeline(copy)
                .buffers(a, b)
                .threads(4, 4)
                .buffers(b, a)
                .threads(4, 4)));
        // Two halves of one buffer.
        assertClean(finding(gpu.commands()
                .concurrent()
                .pipeline(copy)
                .buffers(a, b)
                .threads(2, 2)
                .buffer(0, a, 8)
                .buffer(1, b, 8)
                .threads(2, 2)));
        SimulatedGpu.release(copy, a, b);
    }

    @Test
    void aBarrierOnResourcesOrdersThese() {
        var copy = gpu.pipeline(COPY);
        var a = gpu.ints(1, 2);
        var b = gpu.ints(0, 0);
        for (var named : new MemorySegment[] {a, b}) {
            var c = gpu.commands().concurrent().pipeline(copy).buffers(a, b).threads(2, 2);
            var list = gpu.arena().allocateFrom(java.lang.foreign.ValueLayout.ADDRESS, named);
            ObjC.send_v_pu(c.encoder(), SimulatedGpu.sel("memoryBarrierWithResources:count:"), list, 1);
            var finding = finding(c.buffers(b, gpu.buffer(8)).threads(2, 2));
            assertEquals(named.equals(a), finding.contains("missing memoryBarrier"), finding);
        }
        SimulatedGpu.release(copy, a, b);
    }

    @Test
    void untrackedBuffersNeedAFenceBetweenEncoders() {
        var copy = gpu.pipeline(COPY);
        for (long options : new long[] {0, SimulatedGpu.UNTRACKED}) {
            var a = gpu.buffer(8, options);
            var b = gpu.buffer(8, options);
            var fence = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newFence"));
            var finding = finding(gpu.commands()
                    .concurrent()
                    .pipeline(copy)
                    .buffers(a, b)
                    .threads(2, 2)
                    .end()
                    .concurrent()
                    .pipeline(copy)
                    .buffers(b, a)
                    .threads(2, 2));
            assertEquals(options != 0, finding.contains("missing fence: read of a hazard-untracked buffer"), finding);
            assertClean(finding(gpu.commands()
                    .concurrent()
                    .pipeline(copy)
                    .buffers(a, b)
                    .threads(2, 2)
                    .updateFence(fence)
                    .end()
                    .concurrent()
                    .waitForFence(fence)
                    .pipeline(copy)
                    .buffers(b, a)
                    .threads(2, 2)));
            // Complete before the next is committed: nothing else is needed.
            assertClean(finding(
                    gpu.commands().concurrent().pipeline(copy).buffers(a, b).threads(2, 2)));
            SimulatedGpu.release(a, b, fence);
        }
        SimulatedGpu.release(copy);
    }

    @Test
    void anEventOrdersUntrackedBuffers() {
        var copy = gpu.pipeline(COPY);
        var a = gpu.buffer(8, SimulatedGpu.UNTRACKED);
        var b = gpu.buffer(8, SimulatedGpu.UNTRACKED);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        for (boolean waits : new boolean[] {true, false}) {
            // Held back until both are committed, so that the first is not complete before the second is committed.
            long start = waits ? 1 : 3;
            var first = gpu.commands()
                    .await(event, start)
                    .concurrent()
                    .pipeline(copy)
                    .buffers(a, b)
                    .threads(2, 2)
                    .end()
                    .signal(event, start + 1);
            var second = gpu.commands();
            if (waits) {
                second.await(event, start + 1);
            }
            second.concurrent().pipeline(copy).buffers(b, a).threads(2, 2);
            first.commit();
            second.commit();
            ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), start);
            first.finish();
            if (waits) {
                second.finish();
            } else {
                assertThrows(SimulatedGpu.ExecutionError.class, second::finish);
                assertFound("missing fence", SimulatedGpu.log().toString());
            }
        }
        SimulatedGpu.release(copy, a, b, event);
    }

    @Test
    void anEventThatTheHostSawIsACompletion() {
        var copy = gpu.pipeline(COPY);
        var a = gpu.buffer(8, SimulatedGpu.UNTRACKED);
        var b = gpu.buffer(8, SimulatedGpu.UNTRACKED);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var last = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        // The first stays in flight after its signal, until the last event.
        var first = gpu.commands()
                .concurrent()
                .pipeline(copy)
                .buffers(a, b)
                .threads(2, 2)
                .end()
                .signal(event, 1)
                .await(last, 1)
                .commit();
        assertTrue(ObjC.send_b_uu(event, SimulatedGpu.sel("waitUntilSignaledValue:timeoutMS:"), 1, 10_000));
        var second = gpu.commands()
                .concurrent()
                .pipeline(copy)
                .buffers(b, a)
                .threads(2, 2)
                .commit();
        ObjC.send_v_u(last, SimulatedGpu.sel("setSignaledValue:"), 1);
        first.finish();
        second.finish();
        SimulatedGpu.release(copy, a, b, event, last);
    }

    @Test
    void threadgroupMemoryOutOfBounds() {
        var a = gpu.ints(new int[8]);
        var pipeline = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], threadgroup int* x [[threadgroup(0)]], uint t [[thread_index_in_threadgroup]]) { x[t] = 1; a[t] = x[t]; }");
        assertFound(
                "out of bounds: write of 4 bytes at offset 16 of threadgroup(0), 16 bytes long",
                finding(gpu.commands()
                        .serial()
                        .pipeline(pipeline)
                        .buffer(0, a)
                        .threadgroupMemory(0, 16)
                        .threads(8, 8)));
        assertClean(finding(gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .threadgroupMemory(0, 32)
                .threads(8, 8)));
        assertFound(
                "out of bounds: write of 4 bytes at offset 16 of a threadgroup variable",
                finding("threadgroup int x[4]; x[t] = 1; a[t] = 0;", 8, 8));
        SimulatedGpu.release(a, pipeline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reversed", "shuffled:9"})
    void findingsDoNotDependOnTheOrder(String order) {
        SimulatedGpu.set("order", order);
        assertFound("race", finding("a[0] = int(g);", 4, 1));
        assertFound(
                "threadgroup memory race",
                finding("threadgroup int x[64]; x[t] = 1; if (t < 8) a[t] = x[63 - t];", 64, 64));
        assertClean(finding(
                "threadgroup int x[64]; x[t] = 1; threadgroup_barrier(mem_flags::mem_threadgroup); if (t < 8) a[t] = x[63 - t];",
                64,
                64));
    }
}
