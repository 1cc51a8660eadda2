package org.lazuli.metal.kernels;

import org.jspecify.annotations.Nullable;
import org.lazuli.metal.MetalBench;

/// A bench that the properties of a test class share, so that a kernel is compiled once for all of them.
final class SharedBench implements AutoCloseable {
    private @Nullable MetalBench bench;

    /// Leaves the test undone if there is no simulated device.
    MetalBench get() {
        MetalBench open = bench;
        if (open == null) {
            open = MetalBench.open();
            bench = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (bench != null) {
            bench.close();
            bench = null;
        }
    }
}
