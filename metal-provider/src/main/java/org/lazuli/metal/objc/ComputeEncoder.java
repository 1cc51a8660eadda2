package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;
import org.lazuli.metal.ffi.MTLSize;

/// Writes dispatches of kernels into a command buffer.
public final class ComputeEncoder extends Owned {
    private final MemorySegment grid;
    private final MemorySegment group;

    /// @param sizes room for two sizes, which no other thread writes to meanwhile
    ComputeEncoder(MemorySegment id, MemorySegment sizes) {
        super(id);
        this.grid = sizes.asSlice(0, MTLSize.sizeof());
        this.group = sizes.asSlice(MTLSize.sizeof(), MTLSize.sizeof());
    }

    public void setPipeline(Pipeline pipeline) {
        Send.v_p(id(), Selector.SET_PIPELINE, pipeline.id());
    }

    public void setBuffer(Buffer buffer, long offset, int index) {
        Send.v_puu(id(), Selector.SET_BUFFER, buffer.id(), offset, index);
    }

    /// Copies up to 4096 bytes as a buffer's content.
    public void setBytes(MemorySegment bytes, int index) {
        Send.v_puu(id(), Selector.SET_BYTES, bytes, bytes.byteSize(), index);
    }

    public void setThreadgroupMemory(long bytes, int index) {
        Send.v_uu(id(), Selector.SET_THREADGROUP_MEMORY, bytes, index);
    }

    /// Runs as many threads as there are in the grid; threadgroups at its edge may be smaller.
    public void dispatchThreads(long x, long y, long z, long groupX, long groupY, long groupZ) {
        fill(x, y, z, groupX, groupY, groupZ);
        Send.v_zz(id(), Selector.DISPATCH_THREADS, grid, group);
    }

    /// Runs whole threadgroups.
    public void dispatchThreadgroups(long x, long y, long z, long groupX, long groupY, long groupZ) {
        fill(x, y, z, groupX, groupY, groupZ);
        Send.v_zz(id(), Selector.DISPATCH_THREADGROUPS, grid, group);
    }

    private void fill(long x, long y, long z, long groupX, long groupY, long groupZ) {
        MTLSize.width(grid, x);
        MTLSize.height(grid, y);
        MTLSize.depth(grid, z);
        MTLSize.width(group, groupX);
        MTLSize.height(group, groupY);
        MTLSize.depth(group, groupZ);
    }

    /// Dispatches that follow see what those before have written.
    public void barrier() {
        Send.v_u(id(), Selector.MEMORY_BARRIER, MetalConstant.BARRIER_BUFFERS.value());
    }

    public void endEncoding() {
        Send.v(id(), Selector.END_ENCODING);
    }
}
