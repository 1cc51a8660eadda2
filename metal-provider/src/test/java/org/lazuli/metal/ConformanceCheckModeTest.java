package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.lazuli.conformance.report.Report;
import org.lazuli.spi.BackendProvider;

/// The conformance suite, smaller, where the simulated device tests every access and runs threadgroups in a shuffled order: it has
/// nothing to complain of.
class ConformanceCheckModeTest extends MetalConformanceTest {
    @Override
    protected BackendProvider provider() {
        BackendProvider provider = super.provider();
        // Asking loads the library.
        provider.availability();
        SimulatorLog.set("order", "shuffled:11");
        return provider;
    }

    @Override
    protected String reportName() {
        return "metal-checked";
    }

    @Override
    protected void finished(Report report) {
        SimulatorLog.set("order", "forward");
        assertEquals("", SimulatorLog.complaints(), "what the device found");
    }
}
