package org.lazuli.cpu;

import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;

/// Provides the backend `cpu`: plain Java on every machine, and the reference for the others. It is always available
/// and has priority 0.
public final class CpuBackendProvider implements BackendProvider {
    private final boolean plain;

    /// The provider that the runtime finds: its backend is as fast as the JVM allows.
    public CpuBackendProvider() {
        this(false);
    }

    private CpuBackendProvider(boolean plain) {
        this.plain = plain;
    }

    /// A provider whose backend computes everything with plain loops, whatever flags the JVM has: the one that other
    /// backends are measured by. Its device says `plain loops`.
    public static CpuBackendProvider plain() {
        return new CpuBackendProvider(true);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public int spiVersion() {
        return SPI_VERSION;
    }

    @Override
    public Availability availability() {
        return Availability.available();
    }

    @Override
    public Backend open() {
        return plain ? new CpuBackend(null) : new CpuBackend(VectorSupport.get(), VectorSupport.notice());
    }
}
