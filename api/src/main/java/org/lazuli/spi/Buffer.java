package org.lazuli.spi;

/// Memory of a backend, opaque to everyone else.
public interface Buffer {
    /// The size in bytes that counts against the backend's limits.
    long bytes();

    /// What the runtime gives to [Backend#release] when it finds that no array can reach this buffer any more: this itself, or something that keeps the
    /// count but not the memory, where the garbage collector frees that better alone. The runtime holds on to it from the start.
    default Buffer remains() {
        return this;
    }
}
