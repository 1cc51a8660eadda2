package org.lazuli.examples.toy;

import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;

/// Provides the backend `toy`. The runtime finds it through the file in `META-INF/services`.
public final class ToyProvider implements BackendProvider {
    @Override
    public String name() {
        return ToyBackend.NAME;
    }

    /// The available backend of the highest priority evaluates; the reference has 0. Below it, this one evaluates only where it is
    /// asked for: with `-Dlazuli.backend=toy`, or by the suite.
    @Override
    public int priority() {
        return -1;
    }

    /// The version that this was compiled against: another one is refused, before anything can go wrong.
    @Override
    public int spiVersion() {
        return SPI_VERSION;
    }

    /// Where there is no device, say what is missing: `Availability.unavailable("needs …, this is …")`.
    @Override
    public Availability availability() {
        return Availability.available();
    }

    @Override
    public Backend open() {
        return new ToyBackend();
    }
}
