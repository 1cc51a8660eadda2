package org.lazuli.examples.toy;

import org.lazuli.conformance.BackendConformance;
import org.lazuli.spi.BackendProvider;

/// Runs the conformance suite on this backend: `mvn test`. The report is `target/conformance/toy.html`.
class ToyConformanceTest extends BackendConformance {
    @Override
    protected BackendProvider provider() {
        return new ToyProvider();
    }

    @Override
    protected String unsupported(String operation, String dtype) {
        return dtype.equals("float32") ? "the toy has no kernel for it" : "the toy computes in float32 only";
    }
}
