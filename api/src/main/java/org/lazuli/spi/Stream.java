package org.lazuli.spi;

/// A queue of kernels on a backend: those of one stream run in order.
public record Stream(int index) {
    /// The stream that is used when none is named.
    public static final Stream DEFAULT = new Stream(0);
}
