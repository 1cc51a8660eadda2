package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// An object that we hold one reference of. Closing gives it back, once.
public abstract class Owned extends Reference implements AutoCloseable {
    private boolean closed;

    Owned(MemorySegment id) {
        super(id);
    }

    @Override
    MemorySegment id() {
        if (closed) {
            throw new IllegalStateException("a " + getClass().getSimpleName() + " is used after it was closed");
        }
        return super.id();
    }

    @Override
    public void close() {
        if (!closed) {
            Send.v(id(), Selector.RELEASE);
            closed = true;
        }
    }

    /// A reference of our own to an object that the autorelease pool holds.
    static MemorySegment retained(MemorySegment id) {
        return id.address() == 0 ? id : Send.p(id, Selector.RETAIN);
    }
}
