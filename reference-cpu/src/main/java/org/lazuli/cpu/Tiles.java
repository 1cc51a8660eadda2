package org.lazuli.cpu;

/// The size of the pieces that work on large tensors is cut into.
final class Tiles {
    /// Elements in a tile: a handful of registers of this size stay in the first-level cache, and the cost of
    /// dispatching an instruction is small beside the loop over them.
    static final int SIZE = 1024;

    private Tiles() {}
}
