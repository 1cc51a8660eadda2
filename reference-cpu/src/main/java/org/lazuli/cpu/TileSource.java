package org.lazuli.cpu;

/// Elements in an order of their own, a piece at a time.
interface TileSource {
    /// Stores elements `start` … `start + n - 1` to the start of `register`.
    void read(int start, int n, Object register);
}
