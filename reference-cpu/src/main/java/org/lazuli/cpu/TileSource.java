package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;

/// Elements in an order of their own, a piece at a time.
interface TileSource {
    /// Stores elements `start` … `start + n - 1` to the start of `register`.
    void read(int start, int n, Object register);

    /// The array in which all elements lie in this order and as a register holds them, or null if there is none.
    default @Nullable Object inPlace() {
        return null;
    }

    /// Where an element lies in that array.
    default int position(int element) {
        return element;
    }
}
