package org.lazuli.conformance.laws;

import java.util.function.Supplier;
import org.lazuli.Backends;
import org.lazuli.cpu.CpuBackendProvider;

/// The reference backend's plain mode, for a while.
final class Reference {
    private Reference() {}

    /// What `body` gives when the reference evaluates. It must not be an array, whose value would be gone afterwards.
    static <T> T run(Supplier<T> body) {
        try (var _ = Backends.use(CpuBackendProvider.plain())) {
            return body.get();
        }
    }
}
