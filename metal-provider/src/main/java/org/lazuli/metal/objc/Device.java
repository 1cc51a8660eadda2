package org.lazuli.metal.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.lazuli.metal.ffi.ObjC;

/// A GPU: makes everything else.
public final class Device extends Owned {
    private Device(MemorySegment id) {
        super(id);
    }

    /// The system's default device, or null if there is none.
    public static @Nullable Device systemDefault() {
        MemorySegment id = ObjC.MTLCreateSystemDefaultDevice();
        return id.address() == 0 ? null : new Device(id);
    }

    public String name() {
        return NSString.text(Send.p(id(), Selector.DEVICE_NAME));
    }

    /// The architecture's name, such as `applegpu_g13s`; empty where the system does not tell it.
    public String architecture() {
        if (!Send.understands(id(), Selector.DEVICE_ARCHITECTURE)) {
            return "";
        }
        MemorySegment architecture = Send.p(id(), Selector.DEVICE_ARCHITECTURE);
        return architecture.address() == 0 ? "" : NSString.text(Send.p(architecture, Selector.ARCHITECTURE_NAME));
    }

    public boolean supportsFamily(MetalConstant family) {
        return Send.b_u(id(), Selector.SUPPORTS_FAMILY, family.value());
    }

    public long recommendedMaxWorkingSetSize() {
        return Send.u(id(), Selector.RECOMMENDED_WORKING_SET);
    }

    public long maxBufferLength() {
        return Send.u(id(), Selector.MAX_BUFFER_LENGTH);
    }

    /// Memory that the host and the device share, whose hazards Metal does not track; null if there is none.
    public @Nullable Buffer newBuffer(long bytes) {
        long options = MetalConstant.STORAGE_SHARED.value() | MetalConstant.HAZARDS_UNTRACKED.value();
        MemorySegment id = Send.p_uu(id(), Selector.NEW_BUFFER, bytes, options);
        return id.address() == 0 ? null : new Buffer(id, bytes);
    }

    public CommandQueue newCommandQueue() {
        return new CommandQueue(Send.p(id(), Selector.NEW_COMMAND_QUEUE));
    }

    public SharedEvent newSharedEvent() {
        return new SharedEvent(Send.p(id(), Selector.NEW_SHARED_EVENT));
    }

    /// Compiles source text.
    ///
    /// @throws CompilationException with the compiler's messages
    public Library newLibrary(String source, CompileOptions options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment id = Send.p_ppp(id(), Selector.NEW_LIBRARY, NSString.of(source), options.id(), error);
            if (id.address() == 0) {
                throw new CompilationException(
                        NSError.of(error.get(ValueLayout.ADDRESS, 0)).description());
            }
            return new Library(id);
        }
    }

    /// What runs a kernel function.
    ///
    /// @throws CompilationException with the reason
    public Pipeline newPipeline(Function function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment id = Send.p_pp(id(), Selector.NEW_PIPELINE, function.id(), error);
            if (id.address() == 0) {
                throw new CompilationException(
                        NSError.of(error.get(ValueLayout.ADDRESS, 0)).description());
            }
            return new Pipeline(id);
        }
    }
}
