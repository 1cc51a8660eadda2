package org.lazuli.spi;

/// A queue of kernels on a backend: those of one stream run in order, those of different streams as if in order. A program names
/// streams with [org.lazuli.Stream].
public record Stream(int index) {
    /// The stream that is used when none is named.
    public static final Stream DEFAULT = new Stream(0);
}
