package org.lazuli.metal;

import org.lazuli.conformance.BackendConformance;
import org.lazuli.spi.BackendProvider;

/// The conformance suite on the simulated device.
class MetalConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider() {
        return new MetalBackendProvider();
    }
}
