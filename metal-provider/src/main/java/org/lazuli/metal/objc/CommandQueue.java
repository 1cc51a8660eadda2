package org.lazuli.metal.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lazuli.metal.ffi.MTLSize;

/// Runs command buffers in the order in which they were committed.
public final class CommandQueue extends Owned {
    private final MemorySegment sizes = MTLSize.allocateArray(2, Arena.ofAuto());

    CommandQueue(MemorySegment id) {
        super(id);
    }

    /// A command buffer that keeps nothing alive: what it uses must outlive it.
    public CommandBuffer commandBuffer() {
        return new CommandBuffer(Owned.retained(Send.p(id(), Selector.COMMAND_BUFFER)), sizes);
    }
}
