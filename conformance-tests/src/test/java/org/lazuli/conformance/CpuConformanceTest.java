package org.lazuli.conformance;

import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.BackendProvider;

/// The reference backend in the mode that the JVM's flags give it.
class CpuConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider() {
        return new CpuBackendProvider();
    }

    @Override
    protected String reportName() {
        return "off".equals(System.getProperty("lazuli.test.vector")) ? "cpu-plain" : "cpu";
    }
}
