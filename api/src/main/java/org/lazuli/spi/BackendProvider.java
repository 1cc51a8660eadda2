package org.lazuli.spi;

/// Finds and opens a [Backend]; registered as a service.
///
/// The available provider of the highest [#priority] is used, unless the system property `lazuli.backend` or the environment
/// variable `LAZULI_BACKEND` names another.
public interface BackendProvider {
    /// The version of this interface and of the instruction set. It changes when an old backend could no longer run: a provider
    /// built against another version is refused with a message, instead of failing in the middle of a computation.
    int SPI_VERSION = 2;

    /// The name to choose it by: short, lower case, unique.
    String name();

    /// Higher wins. The reference CPU backend has 0.
    int priority();

    /// [#SPI_VERSION] as it was when the provider was compiled. Implementations return the constant.
    int spiVersion();

    Availability availability();

    /// Opens the device. Called only when available.
    Backend open();
}
