package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// Device memory that the host sees.
public final class Buffer extends Owned {
    private final MemorySegment contents;

    Buffer(MemorySegment id, long bytes) {
        super(id);
        this.contents = Send.p(id, Selector.BUFFER_CONTENTS).reinterpret(bytes);
    }

    /// The memory. It must not be touched while a command buffer that uses it runs, nor after the buffer is closed.
    public MemorySegment contents() {
        return contents;
    }
}
