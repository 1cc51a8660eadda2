package org.lazuli.metal.simulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.lazuli.metal.ffi.MTLSize;
import org.lazuli.metal.ffi.ObjC;

/// The simulated device as a test drives it: by raw messages, so that a test can do what the typed layer would not let it do.
///
/// It opens an autorelease pool and closes it again. What a test makes is the test's to release.
final class SimulatedGpu implements AutoCloseable {
    static final MemorySegment NIL = MemorySegment.NULL;
    static final long COMPLETED = 4;
    static final long ERROR = 5;
    static final long CONCURRENT = 1;
    static final long UNTRACKED = 0x100;
    static final long BUFFERS = 1;

    private static final ConcurrentHashMap<String, MemorySegment> SELECTORS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<String, MethodHandle> FUNCTIONS = new ConcurrentHashMap<>();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment pool;
    private final MemorySegment device;
    private final MemorySegment queue;

    private SimulatedGpu() {
        pool = ObjC.objc_autoreleasePoolPush();
        device = ObjC.MTLCreateSystemDefaultDevice();
        queue = ObjC.send_p(device, sel("newCommandQueue"));
    }

    /// The device with a queue, an empty log and counters at 0.
    static SimulatedGpu open() {
        System.load(System.getProperty("lazuli.metal.library"));
        log();
        var gpu = new SimulatedGpu();
        call("metalsim_reset_counters", FunctionDescriptor.ofVoid());
        return gpu;
    }

    static MemorySegment sel(String name) {
        return SELECTORS.computeIfAbsent(
                name, n -> ObjC.sel_registerName(Arena.global().allocateFrom(n)));
    }

    static MemorySegment type(String name) {
        return ObjC.objc_getClass(Arena.global().allocateFrom(name));
    }

    static boolean isNil(MemorySegment object) {
        return object.address() == 0;
    }

    MemorySegment device() {
        return device;
    }

    MemorySegment queue() {
        return queue;
    }

    Arena arena() {
        return arena;
    }

    // ---- Controls of the library

    static boolean set(String option, String value) {
        try (var arena = Arena.ofConfined()) {
            return (int) call(
                            "metalsim_set",
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
                            arena.allocateFrom(option),
                            arena.allocateFrom(value))
                    == 0;
        }
    }

    static long counter(String name) {
        try (var arena = Arena.ofConfined()) {
            return (long) call("metalsim_counter", FunctionDescriptor.of(JAVA_LONG, ADDRESS), arena.allocateFrom(name));
        }
    }

    /// The lines of the log, which is empty then.
    static List<String> log() {
        var lines = new ArrayList<String>();
        long count = (long) call("metalsim_log_count", FunctionDescriptor.of(JAVA_LONG));
        for (long i = 0; i < count; i++) {
            var line = (MemorySegment) call("metalsim_log_line", FunctionDescriptor.of(ADDRESS, JAVA_LONG), i);
            lines.add(line.reinterpret(Long.MAX_VALUE).getString(0));
        }
        call("metalsim_log_clear", FunctionDescriptor.ofVoid());
        return lines;
    }

    /// What is alive, as "Class:count" words.
    static String liveObjects() {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocate(4096);
            call("metalsim_live_objects", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG), text, 4096L);
            return text.getString(0);
        }
    }

    /// Lines of class, `-` or `+`, and selector.
    String implementedSelectors() {
        var type = FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG);
        long length = (long) call("metalsim_selectors", type, NIL, 0L);
        var text = arena.allocate(length + 1);
        call("metalsim_selectors", type, text, length + 1);
        return text.getString(0);
    }

    private static Object call(String name, FunctionDescriptor type, Object... arguments) {
        var function = FUNCTIONS.computeIfAbsent(
                name,
                n -> Linker.nativeLinker()
                        .downcallHandle(SymbolLookup.loaderLookup().findOrThrow(n), type));
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    // ---- Objects

    MemorySegment string(String text) {
        return ObjC.send_p_p(type("NSString"), sel("stringWithUTF8String:"), arena.allocateFrom(text));
    }

    static String text(MemorySegment string) {
        return ObjC.send_p(string, sel("UTF8String"))
                .reinterpret(Long.MAX_VALUE)
                .getString(0);
    }

    MemorySegment buffer(long bytes) {
        return buffer(bytes, 0);
    }

    MemorySegment buffer(long bytes, long options) {
        return ObjC.send_p_uu(device, sel("newBufferWithLength:options:"), bytes, options);
    }

    /// What the host sees of a buffer.
    static MemorySegment contents(MemorySegment buffer) {
        return ObjC.send_p(buffer, sel("contents")).reinterpret(ObjC.send_u(buffer, sel("length")));
    }

    MemorySegment floats(float... values) {
        var buffer = buffer(4L * values.length);
        contents(buffer).copyFrom(MemorySegment.ofArray(values));
        return buffer;
    }

    MemorySegment ints(int... values) {
        var buffer = buffer(4L * values.length);
        contents(buffer).copyFrom(MemorySegment.ofArray(values));
        return buffer;
    }

    static float[] toFloats(MemorySegment buffer) {
        return contents(buffer).toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
    }

    static int[] toInts(MemorySegment buffer) {
        return contents(buffer).toArray(JAVA_INT);
    }

    static void release(MemorySegment... objects) {
        for (var object : objects) {
            ObjC.send_v(object, sel("release"));
        }
    }

    /// A library of the source after Metal's usual first lines; exact arithmetic.
    ///
    /// @throws CompileError with the compiler's text
    MemorySegment library(String source) {
        var options = ObjC.send_p(type("MTLCompileOptions"), sel("new"));
        ObjC.send_v_b(options, sel("setFastMathEnabled:"), false);
        var error = arena.allocate(ADDRESS);
        var library = ObjC.send_p_ppp(
                device,
                sel("newLibraryWithSource:options:error:"),
                string("#include <metal_stdlib>\nusing namespace metal;\n" + source),
                options,
                error);
        release(options);
        if (isNil(library)) {
            throw new CompileError(error.get(ADDRESS, 0));
        }
        return library;
    }

    /// A pipeline of the kernel `k` in the source.
    MemorySegment pipeline(String source) {
        return pipeline(source, "k");
    }

    MemorySegment pipeline(String source, String kernel) {
        var library = library(source);
        var function = ObjC.send_p_p(library, sel("newFunctionWithName:"), string(kernel));
        var pipeline = pipelineOf(function);
        release(function, library);
        return pipeline;
    }

    MemorySegment pipelineOf(MemorySegment function) {
        var error = arena.allocate(ADDRESS);
        var pipeline = ObjC.send_p_pp(device, sel("newComputePipelineStateWithFunction:error:"), function, error);
        if (isNil(pipeline)) {
            throw new CompileError(error.get(ADDRESS, 0));
        }
        return pipeline;
    }

    MTLSizes sizes(long x, long y, long z, long tx, long ty, long tz) {
        return new MTLSizes(size(x, y, z), size(tx, ty, tz));
    }

    record MTLSizes(MemorySegment grid, MemorySegment group) {}

    private MemorySegment size(long x, long y, long z) {
        var size = MTLSize.allocate(arena);
        MTLSize.width(size, x);
        MTLSize.height(size, y);
        MTLSize.depth(size, z);
        return size;
    }

    Commands commands() {
        return new Commands(ObjC.send_p(queue, sel("commandBuffer")));
    }

    /// A command buffer, and the encoder that is open in it.
    final class Commands {
        private final MemorySegment commandBuffer;
        private MemorySegment encoder = NIL;

        Commands(MemorySegment commandBuffer) {
            this.commandBuffer = commandBuffer;
        }

        MemorySegment id() {
            return commandBuffer;
        }

        MemorySegment encoder() {
            return encoder;
        }

        Commands serial() {
            encoder = ObjC.send_p(commandBuffer, sel("computeCommandEncoder"));
            return this;
        }

        Commands concurrent() {
            encoder = ObjC.send_p_u(commandBuffer, sel("computeCommandEncoderWithDispatchType:"), CONCURRENT);
            return this;
        }

        Commands blit() {
            encoder = ObjC.send_p(commandBuffer, sel("blitCommandEncoder"));
            return this;
        }

        Commands pipeline(MemorySegment pipeline) {
            ObjC.send_v_p(encoder, sel("setComputePipelineState:"), pipeline);
            return this;
        }

        Commands buffer(int index, MemorySegment buffer) {
            return buffer(index, buffer, 0);
        }

        Commands buffer(int index, MemorySegment buffer, long offset) {
            ObjC.send_v_puu(encoder, sel("setBuffer:offset:atIndex:"), buffer, offset, index);
            return this;
        }

        Commands buffers(MemorySegment... buffers) {
            for (int i = 0; i < buffers.length; i++) {
                buffer(i, buffers[i]);
            }
            return this;
        }

        Commands bytes(int index, int... values) {
            var bytes = arena.allocateFrom(JAVA_INT, values);
            ObjC.send_v_puu(encoder, sel("setBytes:length:atIndex:"), bytes, bytes.byteSize(), index);
            return this;
        }

        Commands threadgroupMemory(int index, long bytes) {
            ObjC.send_v_uu(encoder, sel("setThreadgroupMemoryLength:atIndex:"), bytes, index);
            return this;
        }

        Commands threads(long n, long perGroup) {
            return threads(n, 1, 1, perGroup, 1, 1);
        }

        Commands threads(long x, long y, long z, long tx, long ty, long tz) {
            var sizes = sizes(x, y, z, tx, ty, tz);
            ObjC.send_v_zz(encoder, sel("dispatchThreads:threadsPerThreadgroup:"), sizes.grid, sizes.group);
            return this;
        }

        Commands groups(long n, long perGroup) {
            var sizes = sizes(n, 1, 1, perGroup, 1, 1);
            ObjC.send_v_zz(encoder, sel("dispatchThreadgroups:threadsPerThreadgroup:"), sizes.grid, sizes.group);
            return this;
        }

        Commands barrier() {
            ObjC.send_v_u(encoder, sel("memoryBarrierWithScope:"), BUFFERS);
            return this;
        }

        Commands waitForFence(MemorySegment fence) {
            ObjC.send_v_p(encoder, sel("waitForFence:"), fence);
            return this;
        }

        Commands updateFence(MemorySegment fence) {
            ObjC.send_v_p(encoder, sel("updateFence:"), fence);
            return this;
        }

        Commands end() {
            ObjC.send_v(encoder, sel("endEncoding"));
            encoder = NIL;
            return this;
        }

        Commands signal(MemorySegment event, long value) {
            ObjC.send_v_pu(commandBuffer, sel("encodeSignalEvent:value:"), event, value);
            return this;
        }

        Commands await(MemorySegment event, long value) {
            ObjC.send_v_pu(commandBuffer, sel("encodeWaitForEvent:value:"), event, value);
            return this;
        }

        /// Ends the encoder that is open, and commits.
        Commands commit() {
            if (!isNil(encoder)) {
                end();
            }
            ObjC.send_v(commandBuffer, sel("commit"));
            return this;
        }

        long status() {
            return ObjC.send_u(commandBuffer, sel("status"));
        }

        /// Waits for the end of what was committed.
        ///
        /// @throws ExecutionError where it failed
        void finish() {
            ObjC.send_v(commandBuffer, sel("waitUntilCompleted"));
            if (status() == ERROR) {
                throw new ExecutionError(ObjC.send_p(commandBuffer, sel("error")));
            }
        }

        void run() {
            commit().finish();
        }
    }

    /// An NSError as an exception.
    static class MetalError extends RuntimeException {
        private final String domain;
        private final long code;

        MetalError(MemorySegment error) {
            super(text(ObjC.send_p(error, sel("localizedDescription"))));
            domain = text(ObjC.send_p(error, sel("domain")));
            code = ObjC.send_u(error, sel("code"));
        }

        String domain() {
            return domain;
        }

        long code() {
            return code;
        }
    }

    static final class CompileError extends MetalError {
        CompileError(MemorySegment error) {
            super(error);
        }
    }

    static final class ExecutionError extends MetalError {
        ExecutionError(MemorySegment error) {
            super(error);
        }
    }

    @Override
    public void close() {
        release(queue);
        ObjC.objc_autoreleasePoolPop(pool);
        arena.close();
        set("fault", "none");
        set("order", "forward");
    }
}
