package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// A kernel function, ready to run.
public final class Pipeline extends Owned {
    private final int maxThreads;
    private final int width;

    Pipeline(MemorySegment id) {
        super(id);
        this.maxThreads = (int) Send.u(id, Selector.MAX_THREADS);
        this.width = (int) Send.u(id, Selector.EXECUTION_WIDTH);
    }

    /// The most threads in one threadgroup: fewer than the device's limit if the kernel needs many registers.
    public int maxThreads() {
        return maxThreads;
    }

    /// The threads of one SIMD group.
    public int width() {
        return width;
    }
}
