package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;
import org.lazuli.metal.ffi.ObjC;

/// Objects that a message returns without giving them to the caller live until the innermost pool of the thread is closed. Pools are closed by the
/// thread that opened them, the innermost first.
///
/// {@snippet lang=java :
/// try (AutoreleasePool pool = AutoreleasePool.push()) {
///     String name = device.name();
/// }
/// }
public final class AutoreleasePool implements AutoCloseable {
    private final MemorySegment token;

    private AutoreleasePool(MemorySegment token) {
        this.token = token;
    }

    public static AutoreleasePool push() {
        return new AutoreleasePool(ObjC.objc_autoreleasePoolPush());
    }

    @Override
    public void close() {
        ObjC.objc_autoreleasePoolPop(token);
    }
}
