package org.lazuli.spi;

/// Memory of a backend, opaque to everyone else.
public interface Buffer {
    /// The size in bytes that counts against the backend's limits.
    long bytes();
}
