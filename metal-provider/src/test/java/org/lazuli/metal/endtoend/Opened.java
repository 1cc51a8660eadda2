package org.lazuli.metal.endtoend;

import java.util.Objects;
import java.util.function.Function;
import org.lazuli.metal.MetalBackend;
import org.lazuli.metal.MetalBackendProvider;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;

/// The Metal backend, as it is or with something round it, and a look at it while it is in use.
final class Opened implements BackendProvider {
    private final MetalBackendProvider provider = new MetalBackendProvider();
    private final Function<MetalBackend, Backend> around;
    private MetalBackend metal;

    Opened() {
        this(metal -> metal);
    }

    /// @param around gives the backend that evaluations see
    Opened(Function<MetalBackend, Backend> around) {
        this.around = around;
    }

    MetalBackend metal() {
        return Objects.requireNonNull(metal, "not opened yet");
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public int priority() {
        return provider.priority();
    }

    @Override
    public int spiVersion() {
        return provider.spiVersion();
    }

    @Override
    public Availability availability() {
        return provider.availability();
    }

    @Override
    public Backend open() {
        metal = provider.open();
        return around.apply(metal);
    }
}
