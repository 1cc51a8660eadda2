package org.lazuli.metal;

import java.lang.foreign.MemorySegment;
import org.lazuli.metal.objc.Buffer;

/// A Metal buffer, with what is known of its use.
final class DeviceMemory extends Tracked {
    private final Buffer buffer;

    DeviceMemory(Buffer buffer) {
        this.buffer = buffer;
    }

    Buffer buffer() {
        return buffer;
    }

    /// The memory as the host sees it, when no batch uses it.
    MemorySegment host() {
        return buffer.contents();
    }

    @Override
    void dispose() {
        buffer.close();
    }
}
