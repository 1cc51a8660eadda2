package org.lazuli.metal;

import org.lazuli.conformance.BackendConformance;
import org.lazuli.spi.BackendProvider;

/// The conformance suite on the simulated device, or on a Mac's when nothing names a simulated one.
public class MetalConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider() {
        if (System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY) != null) {
            Simulator.require();
        }
        return new MetalBackendProvider();
    }

    @Override
    protected String unsupported(String operation, String dtype) {
        return switch (dtype) {
            case "float64" -> "Metal has no float64; it runs on the reference backend";
            case "complex64" ->
                "Metal has no complex numbers: what is not simple arithmetic of pairs runs on the reference backend";
            default -> "it runs on the reference backend";
        };
    }
}
