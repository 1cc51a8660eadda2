package org.lazuli.metal.simulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.metal.ffi.NSRange;
import org.lazuli.metal.ffi.ObjC;

/// Command buffers, encoders, events and what they do to each other.
class CommandsTest implements OnSimulator {
    private static final String ADD = """
            kernel void k(device int* a [[buffer(0)]], constant int& by [[buffer(1)]], uint i [[thread_position_in_grid]]) { a[i] += by; }
            """;

    private SimulatedGpu gpu;
    private MemorySegment add;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
        add = gpu.pipeline(ADD);
    }

    @AfterEach
    void close() {
        SimulatedGpu.release(add);
        assertEquals(List.of(), SimulatedGpu.log());
        gpu.close();
    }

    @Test
    void commandsRunInOrder() {
        var a = gpu.ints(1, 2, 3);
        var double_ = gpu.pipeline(
                "kernel void k(device int* a [[buffer(0)]], uint i [[thread_position_in_grid]]) { a[i] *= 2; }");
        gpu.commands()
                .serial()
                .pipeline(add)
                .buffer(0, a)
                .bytes(1, 10)
                .threads(3, 3)
                .pipeline(double_)
                .threads(3, 3)
                .run();
        assertArrayEquals(new int[] {22, 24, 26}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(a, double_);
    }

    @Test
    void bytesAreCopiedAtTheCall() {
        var a = gpu.ints(0);
        var value = gpu.arena().allocateFrom(JAVA_INT, 5);
        var c = gpu.commands().serial().pipeline(add).buffer(0, a);
        ObjC.send_v_puu(c.encoder(), SimulatedGpu.sel("setBytes:length:atIndex:"), value, 4, 1);
        value.set(JAVA_INT, 0, 100);
        c.threads(1, 1).run();
        assertArrayEquals(new int[] {5}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(a);
    }

    @Test
    void offsetsMoveABinding() {
        var a = gpu.ints(0, 0, 0, 0);
        var c = gpu.commands()
                .serial()
                .pipeline(add)
                .buffer(0, a, 8)
                .bytes(1, 1)
                .threads(1, 1);
        ObjC.send_v_uu(c.encoder(), SimulatedGpu.sel("setBufferOffset:atIndex:"), 4, 0);
        c.threads(1, 1).run();
        assertArrayEquals(new int[] {0, 1, 1, 0}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(a);
    }

    @Test
    void blitsCopyAndFill() {
        var a = gpu.ints(1, 2, 3, 4);
        var b = gpu.ints(0, 0, 0, 0);
        var c = gpu.commands().blit();
        copy(c.encoder(), a, 4, b, 8, 8);
        var range = NSRange.allocate(gpu.arena());
        NSRange.location(range, 0);
        NSRange.length(range, 4);
        ObjC.send_v_prc(c.encoder(), SimulatedGpu.sel("fillBuffer:range:value:"), b, range, (byte) 1);
        c.run();
        assertArrayEquals(new int[] {0x01010101, 0, 2, 3}, SimulatedGpu.toInts(b));
        SimulatedGpu.release(a, b);
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
    void anEventOrdersTwoQueues() {
        var a = gpu.ints(0);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var other = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newCommandQueue"));
        var second = gpu.new Commands(ObjC.send_p(other, SimulatedGpu.sel("commandBuffer")))
                .await(event, 1)
                .serial()
                .pipeline(add)
                .buffer(0, a)
                .bytes(1, 1)
                .threads(1, 1)
                .commit();
        assertFalse(ObjC.send_b_uu(event, SimulatedGpu.sel("waitUntilSignaledValue:timeoutMS:"), 1, 20));
        assertTrue(second.status() < SimulatedGpu.COMPLETED);
        var first = gpu.commands()
                .serial()
                .pipeline(add)
                .buffer(0, a)
                .bytes(1, 10)
                .threads(1, 1)
                .end()
                .signal(event, 1)
                .commit();
        first.finish();
        second.finish();
        assertTrue(ObjC.send_b_uu(event, SimulatedGpu.sel("waitUntilSignaledValue:timeoutMS:"), 1, 0));
        assertEquals(1, ObjC.send_u(event, SimulatedGpu.sel("signaledValue")));
        assertArrayEquals(new int[] {11}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(a, event, other);
    }

    @Test
    void theHostSignalsAnEvent() {
        var a = gpu.ints(0);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var c = gpu.commands()
                .await(event, 3)
                .serial()
                .pipeline(add)
                .buffer(0, a)
                .bytes(1, 2)
                .threads(1, 1)
                .commit();
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 3);
        c.finish();
        assertArrayEquals(new int[] {2}, SimulatedGpu.toInts(a));
        SimulatedGpu.release(a, event);
    }

    @Test
    void aWaitThatIsNeverSignalledFails() {
        assertTrue(SimulatedGpu.set("waitSeconds", "0"));
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var error = assertThrows(
                SimulatedGpu.ExecutionError.class,
                () -> gpu.commands().await(event, 1).run());
        assertTrue(SimulatedGpu.set("waitSeconds", "30"));
        assertEquals("MTLCommandBufferErrorDomain", error.domain());
        assertEquals(2, error.code());
        assertEquals(1, SimulatedGpu.log().size());
        SimulatedGpu.release(event);
    }

    /// A global block that calls `function(block, argument)`.
    private MemorySegment block(MemorySegment function) {
        var descriptor = gpu.arena().allocate(16);
        descriptor.set(JAVA_LONG, 8, 32);
        var block = gpu.arena().allocate(32, 8);
        block.set(ADDRESS, 0, SymbolLookup.loaderLookup().findOrThrow("_NSConcreteGlobalBlock"));
        block.set(JAVA_INT, 8, 1 << 28);
        block.set(ADDRESS, 16, function);
        block.set(ADDRESS, 24, descriptor);
        return block;
    }

    private record Handler(CopyOnWriteArrayList<Long> statuses) {
        void call(MemorySegment block, MemorySegment commandBuffer) {
            statuses.add(ObjC.send_u(commandBuffer, SimulatedGpu.sel("status")));
        }
    }

    @Test
    void handlersRunBeforeTheWaitEnds() throws ReflectiveOperationException {
        var handler = new Handler(new CopyOnWriteArrayList<>());
        var call = MethodHandles.lookup()
                .bind(handler, "call", MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class));
        try (var arena = Arena.ofShared()) {
            var stub = Linker.nativeLinker().upcallStub(call, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), arena);
            var a = gpu.ints(0);
            var c = gpu.commands();
            ObjC.send_v_p(c.id(), SimulatedGpu.sel("addScheduledHandler:"), block(stub));
            ObjC.send_v_p(c.id(), SimulatedGpu.sel("addCompletedHandler:"), block(stub));
            c.serial().pipeline(add).buffer(0, a).bytes(1, 2).threads(1, 1).run();
            assertEquals(List.of(3L, SimulatedGpu.COMPLETED), handler.statuses());
            double start = ObjC.send_d(c.id(), SimulatedGpu.sel("GPUStartTime"));
            assertTrue(start > 0 && start <= ObjC.send_d(c.id(), SimulatedGpu.sel("GPUEndTime")));
            SimulatedGpu.release(a);
        }
    }

    @Test
    void aCommandBufferKeepsWhatItUses() {
        var a = gpu.ints(0);
        var kept = SimulatedGpu.contents(a);
        var event = ObjC.send_p(gpu.device(), SimulatedGpu.sel("newSharedEvent"));
        var c = gpu.commands()
                .await(event, 1)
                .serial()
                .pipeline(add)
                .buffer(0, a)
                .bytes(1, 7)
                .threads(1, 1)
                .commit();
        assertEquals(2, ObjC.send_u(a, SimulatedGpu.sel("retainCount")));
        ObjC.send_v_u(event, SimulatedGpu.sel("setSignaledValue:"), 1);
        c.finish();
        assertEquals(1, ObjC.send_u(a, SimulatedGpu.sel("retainCount")));
        assertEquals(7, kept.get(JAVA_INT, 0));
        SimulatedGpu.release(a, event);
    }

    @Test
    void aQueueHandsOutNoMoreCommandBuffersThanItMay() {
        var queue = ObjC.send_p_u(gpu.device(), SimulatedGpu.sel("newCommandQueueWithMaxCommandBufferCount:"), 2);
        assertTrue(SimulatedGpu.set("waitSeconds", "0"));
        for (int i = 0; i < 3; i++) {
            ObjC.send_p(queue, SimulatedGpu.sel("commandBuffer"));
        }
        assertTrue(SimulatedGpu.set("waitSeconds", "30"));
        assertEquals(
                List.of(
                        "commandBuffer: blocked because 2 command buffers of the queue are neither complete nor released"),
                SimulatedGpu.log());
        SimulatedGpu.release(queue);
    }

    @Test
    void memoryOfTheHostIsUsedInPlaceAndGivenBack() throws ReflectiveOperationException {
        try (var arena = Arena.ofShared()) {
            var given = new CopyOnWriteArrayList<Long>();
            var call = MethodHandles.lookup()
                    .findStatic(
                            CommandsTest.class,
                            "giveBack",
                            MethodType.methodType(
                                    void.class,
                                    CopyOnWriteArrayList.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    long.class))
                    .bindTo(given);
            var stub = Linker.nativeLinker()
                    .upcallStub(call, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG), arena);
            var memory = arena.allocate(16384, 16384);
            memory.set(JAVA_INT, 0, 40);
            var buffer = ObjC.send_p_puup(
                    gpu.device(),
                    SimulatedGpu.sel("newBufferWithBytesNoCopy:length:options:deallocator:"),
                    memory,
                    16384,
                    0,
                    block(stub));
            gpu.commands()
                    .serial()
                    .pipeline(add)
                    .buffer(0, buffer)
                    .bytes(1, 2)
                    .threads(1, 1)
                    .run();
            assertEquals(42, memory.get(JAVA_INT, 0));
            SimulatedGpu.release(buffer);
            assertEquals(List.of(memory.address(), 16384L), given);
        }
    }

    static void giveBack(CopyOnWriteArrayList<Long> given, MemorySegment block, MemorySegment memory, long length) {
        given.add(memory.address());
        given.add(length);
    }

    @Test
    void theDeviceDescribesItself() {
        assertEquals(
                "Software Metal device (simulated)",
                SimulatedGpu.text(ObjC.send_p(gpu.device(), SimulatedGpu.sel("name"))));
        assertEquals("applegpu_g14s", architecture());
        assertTrue(SimulatedGpu.set("architecture", "applegpu_g13d"));
        assertEquals("applegpu_g13d", architecture());
        assertTrue(SimulatedGpu.set("architecture", "applegpu_g14s"));
        assertTrue(ObjC.send_b_u(gpu.device(), SimulatedGpu.sel("supportsFamily:"), 5001), "Metal 3");
        assertFalse(ObjC.send_b_u(gpu.device(), SimulatedGpu.sel("supportsFamily:"), 1999));
        assertEquals(32768, ObjC.send_u(gpu.device(), SimulatedGpu.sel("maxThreadgroupMemoryLength")));
        assertTrue(ObjC.send_b_p(gpu.device(), SimulatedGpu.sel("respondsToSelector:"), SimulatedGpu.sel("newFence")));
        assertFalse(ObjC.send_b_p(
                gpu.device(), SimulatedGpu.sel("respondsToSelector:"), SimulatedGpu.sel("newTextureWithDescriptor:")));
    }

    private String architecture() {
        var architecture = ObjC.send_p(gpu.device(), SimulatedGpu.sel("architecture"));
        return SimulatedGpu.text(ObjC.send_p(architecture, SimulatedGpu.sel("name")));
    }
}
