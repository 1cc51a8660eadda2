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
import org.lazuli.metal.ffi.NSRange;
import org.lazuli.metal.ffi.ObjC;

/// What is wrong with the calls that a host makes: each finding is a line of the log.
@EnabledIfEnvironmentVariable(named = "METALSIM_CHECK", matches = "1")
class ApiCheckModeTest implements OnSimulator {
    private SimulatedGpu gpu;
    private MemorySegment pipeline;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
        pipeline = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], device int* b [[buffer(3)]], uint i [[thread_position_in_grid]]) { a[i] = 1; b[i] = 2; }");
    }

    @AfterEach
    void close() {
        SimulatedGpu.release(pipeline);
        assertEquals(List.of(), SimulatedGpu.log());
        gpu.close();
    }

    /// The log has lines that contain these, and no others.
    private static void assertLogged(String... expected) {
        var lines = SimulatedGpu.log();
        assertEquals(expected.length, lines.size(), lines::toString);
        for (int i = 0; i < expected.length; i++) {
            String line = lines.get(i);
            assertTrue(line.contains(expected[i]), "expected: " + expected[i] + "\n but got: " + line);
        }
    }

    @Test
    void missingBindings() {
        var a = gpu.ints(0);
        var c = gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .buffer(2, a)
                .threads(1, 1);
        assertLogged("missing binding: buffer(3) 'b' of kernel k");
        var error = assertThrows(SimulatedGpu.ExecutionError.class, c::run);
        assertEquals(9, error.code(), "invalid resource");
        assertLogged("command buffer failed: missing binding: buffer(3)");
        SimulatedGpu.release(a);
    }

    @Test
    void bindingsOutOfRange() {
        var a = gpu.ints(0, 0);
        var c = gpu.commands().serial().pipeline(pipeline).buffer(31, a).buffer(0, a, 8);
        assertLogged("index 31 is not below 31", "offset 8 is not below the length 8");
        var bytes = gpu.arena().allocate(5000);
        ObjC.send_v_puu(c.encoder(), SimulatedGpu.sel("setBytes:length:atIndex:"), bytes, 4097, 0);
        ObjC.send_v_puu(c.encoder(), SimulatedGpu.sel("setBytes:length:atIndex:"), bytes, 0, 0);
        assertLogged("length 4097 is not in 1..4096", "length 0 is not in 1..4096");
        ObjC.send_v_uu(c.encoder(), SimulatedGpu.sel("setBufferOffset:atIndex:"), 4, 7);
        c.threadgroupMemory(0, 24);
        assertLogged("no buffer is set at index 7", "length 24 is no multiple of 16");
        c.run();
        SimulatedGpu.release(a);
    }

    @Test
    void dispatchesOverTheLimits() {
        var a = gpu.ints(0, 0);
        var c = gpu.commands().serial();
        c.threads(1, 1);
        assertLogged("no compute pipeline state is set");
        c.pipeline(pipeline).buffer(0, a).buffer(3, a);
        c.threads(4096, 2048).threads(1, 0).groups(0, 1);
        assertLogged(
                "(2048, 1, 1) = 2048 of kernel k are not in 1..1024",
                "= 0 of kernel k",
                "the grid of kernel k is empty");
        var error = assertThrows(SimulatedGpu.ExecutionError.class, c::run);
        assertEquals("no compute pipeline state is set", error.getMessage());
        assertLogged("command buffer failed: no compute pipeline state is set");
        SimulatedGpu.release(a);
    }

    @Test
    void threadgroupMemoryOverTheLimit() {
        var a = gpu.ints(0);
        var scratch = gpu.pipeline("""
                kernel void k(device int* a [[buffer(0)]], threadgroup int* x [[threadgroup(0)]], threadgroup int* y [[threadgroup(1)]]) {
                  x[0] = 1; y[0] = 2; a[0] = x[0] + y[0];
                }
                """);
        var c = gpu.commands().serial().pipeline(scratch).buffer(0, a);
        c.threadgroupMemory(0, 32768).threadgroupMemory(1, 16).groups(1, 1);
        assertLogged("threadgroup memory of kernel k, 32784 bytes, is over the limit of 32768");
        assertThrows(SimulatedGpu.ExecutionError.class, c::run);
        assertLogged("command buffer failed");
        // Lengths that a kernel before needed do not count for this one.
        gpu.commands()
                .serial()
                .pipeline(scratch)
                .buffer(0, a)
                .threadgroupMemory(0, 32000)
                .threadgroupMemory(1, 16)
                .groups(1, 1)
                .pipeline(pipeline)
                .buffer(3, a)
                .groups(1, 1)
                .run();
        assertEquals(0, ObjC.send_u(pipeline, SimulatedGpu.sel("staticThreadgroupMemoryLength")));
        SimulatedGpu.release(a, scratch);
    }

    @Test
    void threadgroupVariablesOverTheLimit() {
        var a = gpu.ints(0);
        var large = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], uint t [[thread_index_in_threadgroup]]) { threadgroup int x[8200]; x[t] = 1; a[0] = x[t]; }");
        assertThrows(
                SimulatedGpu.ExecutionError.class,
                () -> gpu.commands()
                        .serial()
                        .pipeline(large)
                        .buffer(0, a)
                        .threads(1, 1)
                        .run());
        assertLogged("threadgroup memory of 32800 bytes is over the limit");
        SimulatedGpu.release(a, large);
    }

    @Test
    void encodersOutOfOrder() {
        var c = gpu.commands().serial();
        var open = c.encoder();
        ObjC.send_v(c.id(), SimulatedGpu.sel("commit"));
        assertLogged("commit with a command encoder that has not ended");
        ObjC.send_p(c.id(), SimulatedGpu.sel("blitCommandEncoder"));
        assertLogged("the command buffer has an encoder that has not ended");
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        c.signal(event, 1);
        assertLogged("encodeSignalEvent:value: while a command encoder is open");
        ObjC.send_v(c.id(), SimulatedGpu.sel("waitUntilCompleted"));
        assertLogged("waitUntilCompleted on a command buffer that was not committed");
        c.end();
        ObjC.send_v(open, SimulatedGpu.sel("endEncoding"));
        ObjC.send_v_p(open, SimulatedGpu.sel("setComputePipelineState:"), pipeline);
        assertLogged("endEncoding after endEncoding", "setComputePipelineState: after endEncoding");
        c.commit();
        ObjC.send_v(c.id(), SimulatedGpu.sel("commit"));
        ObjC.send_p(c.id(), SimulatedGpu.sel("computeCommandEncoder"));
        ObjC.send_v_p(c.id(), SimulatedGpu.sel("addCompletedHandler:"), SimulatedGpu.NIL);
        assertLogged(
                "commit of a command buffer that was committed before",
                "computeCommandEncoder on a command buffer that was committed",
                "addCompletedHandler: after commit",
                "addCompletedHandler:: the block is nil");
        c.finish();
        SimulatedGpu.release(event);
    }

    @Test
    void anEncoderThatNeverEnds() {
        var pool = ObjC.objc_autoreleasePoolPush();
        ObjC.send_p(
                ObjC.send_p(gpu.queue(), SimulatedGpu.sel("commandBuffer")), SimulatedGpu.sel("computeCommandEncoder"));
        ObjC.objc_autoreleasePoolPop(pool);
        assertLogged("a command encoder was deallocated before endEncoding");
    }

    @Test
    void barriersThatOrderNothing() {
        var c = gpu.commands().concurrent();
        ObjC.send_v_u(c.encoder(), SimulatedGpu.sel("memoryBarrierWithScope:"), 2);
        assertLogged("memoryBarrierWithScope: 2 does not order buffers");
        c.run();
    }

    @Test
    void hostAccessInFlight() {
        var a = gpu.ints(5, 6);
        var b = gpu.ints(0, 0);
        var contents = SimulatedGpu.contents(a);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var c = gpu.commands()
                .await(event, 1)
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .buffer(3, b)
                .threads(2, 2);
        assertEquals(5, contents.get(java.lang.foreign.ValueLayout.JAVA_INT, 0), "not yet committed");
        c.commit();
        assertEquals(6, contents.get(java.lang.foreign.ValueLayout.JAVA_INT, 4));
        assertLogged("host access to a buffer of 8 bytes at offset 4 while a command buffer that uses it is in flight");
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 1);
        c.finish();
        assertEquals(1, contents.get(java.lang.foreign.ValueLayout.JAVA_INT, 4));
        SimulatedGpu.release(a, b, event);
    }

    @Test
    void theJvmsOwnSignalsStillArrive() {
        // A null check in compiled code is a SIGSEGV that the JVM's handler turns into an exception.
        int caught = 0;
        for (int i = 0; i < 200_000; i++) {
            try {
                caught -= lengthOf(i % 100 == 99 ? null : "abc");
            } catch (NullPointerException e) {
                caught += 3;
            }
        }
        assertEquals(-3 * 200_000 + 6 * 2_000, caught);
    }

    private static int lengthOf(String text) {
        return text.length();
    }

    @Test
    void releasesOnceTooOften() {
        var a = gpu.buffer(4);
        SimulatedGpu.release(a);
        SimulatedGpu.release(a);
        assertLogged("message 'release' sent to deallocated MTLBuffer");
        ObjC.send_p(a, SimulatedGpu.sel("contents"));
        assertLogged("message 'contents' sent to deallocated MTLBuffer");
        ObjC.send_p(MemorySegment.ofAddress(0x10), SimulatedGpu.sel("contents"));
        assertLogged("message 'contents' sent to a pointer that is no object");
        var pool = ObjC.objc_autoreleasePoolPush();
        SimulatedGpu.release(gpu.string("owned by the pool"));
        ObjC.objc_autoreleasePoolPop(pool);
        assertLogged("over-release: release of deallocated NSString");
    }

    @Test
    void autoreleaseWithoutAPool() throws InterruptedException {
        var thread = new Thread(() -> gpu.string("leaks"));
        thread.start();
        thread.join();
        assertLogged("autorelease of a NSString with no pool in place: it leaks");
    }

    @Test
    void poolsThatAreNotOnTheStack() {
        ObjC.objc_autoreleasePoolPop(MemorySegment.ofAddress(0x10));
        assertLogged("objc_autoreleasePoolPop of a pool that is not on this thread's stack");
    }

    @Test
    void unknownSelectors() {
        ObjC.send_p_p(gpu.device(), SimulatedGpu.sel("newTextureWithDescriptor:"), SimulatedGpu.NIL);
        ObjC.send_p(SimulatedGpu.type("MTLDevice"), SimulatedGpu.sel("contents"));
        assertLogged(
                "unrecognized selector -[MTLDevice newTextureWithDescriptor:]",
                "unrecognized selector +[MTLDevice contents]");
        assertTrue(SimulatedGpu.isNil(SimulatedGpu.type("MTLTexture")));
    }

    @Test
    void messagesToNilAreFine() {
        assertTrue(SimulatedGpu.isNil(ObjC.send_p(SimulatedGpu.NIL, SimulatedGpu.sel("contents"))));
        assertEquals(0, ObjC.send_d(SimulatedGpu.NIL, SimulatedGpu.sel("GPUStartTime")));
    }

    @Test
    void leaksAreSeen() {
        String before = SimulatedGpu.liveObjects();
        var a = gpu.buffer(4);
        assertTrue(SimulatedGpu.liveObjects().contains("MTLBuffer:"), SimulatedGpu.liveObjects());
        SimulatedGpu.release(a);
        assertEquals(before, SimulatedGpu.liveObjects());
    }

    @Test
    void unretainedResourcesThatDieTooEarly() {
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var a = gpu.ints(0, 0);
        var b = gpu.ints(0, 0);
        var c = gpu.new Commands(ObjC.send_p(gpu.queue(), SimulatedGpu.sel("commandBufferWithUnretainedReferences")));
        c.await(event, 1)
                .serial()
                .pipeline(pipeline)
                .buffer(0, a)
                .buffer(3, b)
                .threads(2, 2)
                .commit();
        SimulatedGpu.release(a);
        assertLogged("a buffer of 8 bytes was deallocated before a command buffer that uses it completed");
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 1);
        c.finish();
        SimulatedGpu.release(b, event);
    }

    @Test
    void buffersThatMetalRefuses() {
        assertTrue(SimulatedGpu.isNil(gpu.buffer(0)));
        assertTrue(SimulatedGpu.isNil(gpu.buffer(1L << 40)));
        var memory = gpu.arena().allocate(16384, 4096).asSlice(16);
        assertTrue(SimulatedGpu.isNil(ObjC.send_p_puup(
                gpu.device(),
                SimulatedGpu.sel("newBufferWithBytesNoCopy:length:options:deallocator:"),
                memory,
                4096,
                0,
                SimulatedGpu.NIL)));
        assertLogged(
                "length 0 is not in 1..",
                "length 1099511627776 is not in 1..",
                "must be multiples of the page size 16384");
    }

    @Test
    void blitsOutOfRange() {
        var a = gpu.ints(1, 2, 3, 4);
        var c = gpu.commands().blit();
        copy(c.encoder(), a, 8, a, 0, 16);
        copy(c.encoder(), a, 1, a, 12, 2);
        copy(c.encoder(), a, 0, a, 4, 8);
        var range = NSRange.allocate(gpu.arena());
        NSRange.location(range, 12);
        NSRange.length(range, 8);
        ObjC.send_v_prc(c.encoder(), SimulatedGpu.sel("fillBuffer:range:value:"), a, range, (byte) 0);
        assertLogged(
                "16 bytes at 8 of a buffer of 16",
                "must be multiples of 4",
                "source and destination overlap",
                "8 bytes at 12 of a buffer of 16");
        c.run();
        SimulatedGpu.release(a);
    }

    private static void copy(
            MemorySegment encoder, MemorySegment from, long at, MemorySegment to, long place, long size) {
        ObjC.send_v_pupuu(
                encoder,
                SimulatedGpu.sel("copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:"),
                from,
                at,
                to,
                place,
                size);
    }

    @Test
    void somethingElseInPlaceOfABuffer() {
        var c = gpu.commands().serial();
        c.buffer(0, pipeline);
        assertLogged("is no live buffer");
        c.run();
    }

    @Test
    void fastMath() {
        ObjC.send_p_ppp(
                gpu.device(),
                SimulatedGpu.sel("newLibraryWithSource:options:error:"),
                gpu.string("kernel void k(device float* a [[buffer(0)]]) { a[0] = 1; }"),
                SimulatedGpu.NIL,
                SimulatedGpu.NIL);
        assertLogged("fast math is on");
    }

    @Test
    void eventsThatGoBack() {
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 5);
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 4);
        assertLogged("a shared event of value 5 is set back to 4");
        SimulatedGpu.release(event);
    }
}
